/** Characters of JSON of a value that is shared; what is longer is rarely the same twice. */
const MAX_INTERNED_LENGTH = 1000
/** Values that are remembered; past that it begins anew, which shares a little less. */
const MAX_INTERNED_VALUES = 10_000

/**
 * Keeps values once that are equal, such as the copies of one pull secret in ten thousand namespaces.
 *
 * It knows all that it has seen, so it must not outlive the making of a list: what is held would stay in memory after
 * nobody holds it any more.
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
