/** Characters of a text that is remembered; longer ones are read anew each time. */
const MAX_MEMOIZED_LENGTH = 512

/** What the texts of one generation have, with what was made of them. */
const MAX_MEMOIZED_BYTES = 1024 * 1024

/**
 * Remembers what a pure function made of the texts that come again and again, such as image names.
 *
 * What is kept is bounded, in texts and in bytes: two generations. When the young one is full it becomes the old one, whose
 * texts are forgotten unless they have come again by then.
 *
 * @param maxTexts in one generation
 * @param bytesOf what was made of a text, where that may be more than a few words
 */
export function memoize<T extends object>(
  read: (text: string) => T,
  maxTexts: number,
  bytesOf: (made: T) => number = () => 0,
): (text: string) => T {
  let young = new Map<string, T>()
  let old = young
  let bytes = 0
  return text => {
    const known = young.get(text)
    if (known !== undefined) return known
    const made = old.get(text) ?? read(text)
    const size = 2 * text.length + bytesOf(made)
    if (text.length > MAX_MEMOIZED_LENGTH || size > MAX_MEMOIZED_BYTES) return made
    if (young.size >= maxTexts || bytes + size > MAX_MEMOIZED_BYTES) {
      old = young
      young = new Map()
      bytes = 0
    }
    young.set(text, made)
    bytes += size
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
