/**
 * Copies of plain data that share their texts. What a parser reads of a file is often a part of its text and holds all of that in memory,
 * and many objects say the same: of a pool each text is held once, and nothing of the file.
 */
export class TextPool {
  readonly #texts = new Map<string, string>()

  /** A copy of data that consists of plain objects, lists, sets and texts: of anything else, a `structuredClone`. */
  copy<T>(value: T): T
  copy(value: unknown): unknown {
    if (typeof value === 'string') return this.#share(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(item => this.copy(item))
    if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.copy(item)]))
  }

  #share(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const own = structuredClone(text)
    this.#texts.set(own, own)
    return own
  }
}
