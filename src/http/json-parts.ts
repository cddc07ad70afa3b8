/**
 * Values of a JSON text, counted by its commas and brackets: more than are read of what etcd stores of an object, old and new,
 * 1.5 MiB each. A part takes up to fifty bytes of memory.
 */
const MAX_JSON_PARTS = 2_100_000
/** Names of members: as many fit into it as entries of `imagePullSecrets`, which have five bytes each in etcd. */
const MAX_JSON_KEYS = 650_000
/** Brackets in brackets: as deep as the API server reads. */
const MAX_JSON_DEPTH = 10_000

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPENING = 0x5b
const CLOSING = 0x5d
/** What turns a bracket into a brace, which differ in this bit alone. */
const BRACE_BIT = 0x20

/**
 * Counts the parts of a JSON text before it is parsed: to parse it cannot be interrupted, and may take sixty times the
 * memory of the text. What is no JSON is counted as if it were.
 */
export class PartCounter {
  #parts = 0
  #keys = 0
  #depth = 0
  #deepest = 0
  #isInString = false
  #isEscaped = false

  /** Values, names and brackets so far. */
  get count(): number {
    return this.#parts + this.#keys
  }

  add(piece: Uint8Array): void {
    let [parts, keys, depth, deepest, isInString, isEscaped] = [
      this.#parts,
      this.#keys,
      this.#depth,
      this.#deepest,
      this.#isInString,
      this.#isEscaped,
    ]
    for (const byte of piece) {
      if (isEscaped) isEscaped = false
      else if (isInString) {
        if (byte === QUOTE) isInString = false
        else if (byte === BACKSLASH) isEscaped = true
      } else if (byte === QUOTE) isInString = true
      else if (byte === COMMA) parts += 1
      else if (byte === COLON) keys += 1
      else if (byte === OPENING || byte === (OPENING | BRACE_BIT)) {
        parts += 1
        depth += 1
        if (depth > deepest) deepest = depth
      } else if (byte === CLOSING || byte === (CLOSING | BRACE_BIT)) depth -= 1
    }
    this.#parts = parts
    this.#keys = keys
    this.#depth = depth
    this.#deepest = deepest
    this.#isInString = isInString
    this.#isEscaped = isEscaped
  }

  /** Why the text is not to be parsed; undefined where it may be. */
  get fault(): string | undefined {
    if (this.#deepest > MAX_JSON_DEPTH) return `it is nested more than ${MAX_JSON_DEPTH} levels deep`
    if (this.#keys > MAX_JSON_KEYS) return `it has more than ${MAX_JSON_KEYS} keys`
    return this.#parts > MAX_JSON_PARTS ? `it has more than ${MAX_JSON_PARTS} values` : undefined
  }
}
