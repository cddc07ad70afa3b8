/** Characters of a text that is remembered; longer ones are read anew each time. */
const MAX_MEMOIZED_LENGTH = 512

/**
 * Remembers what a pure function made of the texts that come again and again, such as image names.
 *
 * What is kept is bounded: the texts of two generations. When the young one is full it becomes the old one, whose texts are
 * forgotten unless they have come again by then.
 *
 * @param maxTexts in one generation
 */
export function memoize<T extends object>(read: (text: string) => T, maxTexts: number): (text: string) => T {
  let young = new Map<string, T>()
  let old = young
  return text => {
    const known = young.get(text)
    if (known !== undefined) return known
    const made = old.get(text) ?? read(text)
    if (text.length > MAX_MEMOIZED_LENGTH) return made
    if (young.size >= maxTexts) {
      old = young
      young = new Map()
    }
    young.set(text, made)
    return made
  }
}

/** Remembers what a pure function made of an object that does not change, for as long as that object lives. */
export function memoizeWeak<K extends object, T extends object | undefined>(make: (key: K) => T): (key: K) => T {
  const made = new WeakMap<K, T>()
  return key => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
