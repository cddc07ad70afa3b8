/** Bytes that are put together in one piece. */
const PIECE_BYTES = 64 * 1024
/** Control characters of a string that are copied as they are. */
const MAX_KEPT_CONTROLS = 16

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75
const ZERO = 0x30
const NINE = 0x39
const LETTER_A = 0x61
const LOWER_CASE_BIT = 0x20
const SPACE = 0x20
/** In place of further control characters: one byte, and as little part of any name. */
const DELETE = 0x7f
/** `<`, `>` and `&`, which Go's JSON writes as escapes for the sake of HTML. */
const PLAIN: ReadonlySet<number> = new Set([0x3c, 0x3e, 0x26])
const ESCAPE_BYTES = String.raw`\u003c`.length

/**
 * JSON that is put together byte by byte. In its strings six bytes of an escape become one where that can be: `\u003c` is written
 * as `<`. JSON has no other way to write control characters, so of those there are only so many in one string; nothing that is
 * looked at may hold any.
 */
export class SkimmedText {
  readonly #maxBytes: number
  readonly #pieces: Uint8Array[] = []
  #piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
  #length = 0
  #full = 0
  /** The bytes of an escape that has begun. */
  readonly #escape = Buffer.alloc(ESCAPE_BYTES)
  #escapeLength = 0
  #controls = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** There is more than there may be. */
  get isFull(): boolean {
    return this.#full + this.#length > this.#maxBytes
  }

  add(byte: number): void {
    if (this.#length === PIECE_BYTES) {
      this.#pieces.push(this.#piece)
      this.#full += PIECE_BYTES
      this.#piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
      this.#length = 0
    }
    this.#piece[this.#length] = byte
    this.#length += 1
  }

  /** Adds the first of these bytes. */
  addAll(bytes: Uint8Array, length: number): void {
    for (let at = 0; at < length; at += 1) this.add(Number(bytes[at]))
  }

  /** Takes the next byte of a string. @returns whether it was the last */
  addToString(byte: number): boolean {
    if (this.#escapeLength > 0) {
      this.#escape[this.#escapeLength] = byte
      this.#escapeLength += 1
      const isWhole = this.#escape[1] !== LETTER_U || this.#escapeLength === ESCAPE_BYTES
      if (isWhole) this.#endEscape()
      return false
    }
    if (byte === BACKSLASH) {
      this.#escape[0] = byte
      this.#escapeLength = 1
      return false
    }
    this.add(byte)
    if (byte !== QUOTE) return false
    this.#controls = 0
    return true
  }

  take(): readonly Uint8Array[] {
    return [...this.#pieces, this.#piece.subarray(0, this.#length)]
  }

  #endEscape(): void {
    const code = this.#escapeLength === ESCAPE_BYTES ? asciiOf(this.#escape) : undefined
    const isControl = code !== undefined && code < SPACE
    if (isControl) this.#controls += 1
    if (code !== undefined && PLAIN.has(code)) this.add(code)
    else if (isControl && this.#controls > MAX_KEPT_CONTROLS) this.add(DELETE)
    else this.addAll(this.#escape, this.#escapeLength)
    this.#escapeLength = 0
  }
}

/** What an escape such as `\u003c` stands for, where that is an ASCII character. */
function asciiOf(written: Uint8Array): number | undefined {
  if (written[2] !== ZERO || written[3] !== ZERO) return undefined
  const high = Number(written[4]) - ZERO
  const last = Number(written[5])
  const low = last <= NINE ? last - ZERO : (last | LOWER_CASE_BIT) - LETTER_A + 10
  return high < 8 ? 16 * high + low : undefined
}
