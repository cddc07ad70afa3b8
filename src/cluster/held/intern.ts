/** Characters of JSON of a value that is shared; what is longer is rarely the same twice. */
const MAX_INTERNED_LENGTH = 1000
/** Values that are remembered; past that it begins anew, which shares a little less. */
const MAX_INTERNED_VALUES = 10_000

/**
 * Interning: of values that are equal one is kept, such as of the copies of one pull secret in ten thousand namespaces.
 *
 * It keeps all that it has seen in memory, so it must not outlive the list that it is used for.
 */
export class Interner<T> {
  readonly #seen = new Map<string, T>()

  /** An equal value that has been seen before, or this one. Values are plain data. */
  share(value: T): T {
    const key = JSON.stringify(value)
    if (key.length > MAX_INTERNED_LENGTH) return value
    const seen = this.#seen.get(key)
    if (seen !== undefined) return seen
    if (this.#seen.size >= MAX_INTERNED_VALUES) this.#seen.clear()
    this.#seen.set(key, value)
    return value
  }
}
