/** Characters of JSON; what is longer is rarely the same twice. */
const LONGEST = 1000
/** Values that are remembered; past that it begins anew, which shares a little less. */
const MOST = 10_000

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
    if (key.length > LONGEST) return value
    const seen = this.#seen.get(key)
    if (seen !== undefined) return seen
    if (this.#seen.size >= MOST) this.#seen.clear()
    this.#seen.set(key, value)
    return value
  }
}
