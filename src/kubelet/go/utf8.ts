/**
 * Encodes a text as a string of bytes: one character for each byte of its UTF-8, 0 to 255. Such strings are what atob makes;
 * they sort and compare as Go's do, and there is no platform without them.
 */
export function encodeUtf8(text: string): string {
  const bytes = ENCODER.encode(text)
  if (bytes.length === text.length) return text
  let encoded = ''
  for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES)
    encoded += String.fromCharCode(...bytes.subarray(at, at + MAX_CHUNK_BYTES))
  return encoded
}

/**
 * Decodes a string of bytes as Go does: each byte that is not part of a character becomes one U+FFFD, where a TextDecoder
 * makes one of several that belong together. No regular expression looks at what may be a password, as the engine remembers
 * the last text that matched one.
 *
 * @see unicode/utf8 of Go 1.26, DecodeRuneInString
 */
export function decodeUtf8(bytes: string): string {
  let text = ''
  let done = 0
  for (let at = 0; at < bytes.length; at++) {
    if (bytes.charCodeAt(at) < 0x80) continue
    const rune = readRune(bytes, at)
    text += bytes.slice(done, at) + String.fromCodePoint(rune ?? REPLACEMENT)
    if (rune !== undefined) at += sizeOf(rune) - 1
    done = at + 1
  }
  return text + bytes.slice(done)
}

const ENCODER = new TextEncoder()
/** Bytes that are made into characters in one call: its arguments have a limit. */
const MAX_CHUNK_BYTES = 4096
const REPLACEMENT = 0xfffd

/** The character that begins there, if one does. */
function readRune(bytes: string, start: number): number | undefined {
  const lead = bytes.charCodeAt(start)
  if (lead < 0xc0 || lead > 0xf7) return undefined
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  let rune = lead & (0x7f >> size)
  for (let at = start + 1; at < start + size; at++) {
    const byte = bytes.charCodeAt(at)
    if ((byte & 0xc0) !== 0x80) return undefined
    rune = (rune << 6) | (byte & 0x3f)
  }
  const isSurrogate = rune >= 0xd800 && rune <= 0xdfff
  return isSurrogate || rune > 0x10ffff || sizeOf(rune) !== size ? undefined : rune
}

/** The bytes that a character takes; one that takes more than it needs is none. */
function sizeOf(rune: number): number {
  return rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4
}
