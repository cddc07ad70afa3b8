import { isUtf8 } from 'node:buffer'

/**
 * Reads JSON as Go's encoding/json does where JSON.parse does otherwise: fields that come twice are all seen, names match
 * without regard to case, each invalid byte of UTF-8 becomes one U+FFFD, and nesting has a limit.
 *
 * Everything but isJson expects bytes of which isJson has said yes.
 *
 * @see encoding/json of Go 1.26 (not its v2), Unmarshal
 */
export interface JsonValue {
  readonly data: Buffer
  /** Where the value begins, or space before it. */
  readonly start: number
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/** Whether these bytes are one JSON value, at most 10,000 levels deep. */
export function isJson(data: Buffer): boolean {
  try {
    JSON.parse(data.toString())
  } catch {
    return false
  }
  return findDepth(data) <= DEEPEST
}

const DEEPEST = 10_000

export function kindOf({ data, start }: JsonValue): JsonKind {
  switch (data[skipSpace(data, start)]) {
    case OPEN_BRACE:
      return 'object'
    case OPEN_BRACKET:
      return 'array'
    case QUOTE:
      return 'string'
    case 0x6e: // n
      return 'null'
    case 0x74: // t
    case 0x66: // f
      return 'boolean'
    default:
      return 'number'
  }
}

export interface JsonMember {
  readonly name: string
  readonly value: JsonValue
}

/** The members of an object in their order, doubled ones too. */
export function* listMembers({ data, start }: JsonValue): Generator<JsonMember, undefined> {
  let at = skipSpace(data, skipSpace(data, start) + 1)
  while (data[at] !== CLOSE_BRACE) {
    const name = readString({ data, start: at })
    const colon = skipSpace(data, skipString(data, at))
    const value = { data, start: skipSpace(data, colon + 1) }
    yield { name, value }
    at = skipValue(data, value.start)
    // What is left of a number or literal holds neither a comma nor a brace.
    while (data[at] !== COMMA && data[at] !== CLOSE_BRACE) at++
    if (data[at] === COMMA) at = skipSpace(data, at + 1)
  }
}

/** The text of a string value; half a surrogate pair becomes U+FFFD as well. */
export function readString({ data, start }: JsonValue): string {
  const quote = skipSpace(data, start)
  const content = data.subarray(quote + 1, skipString(data, quote) - 1)
  let text = ''
  let at = 0
  for (let slash = content.indexOf(BACKSLASH); slash >= 0; slash = content.indexOf(BACKSLASH, at)) {
    text += decodeUtf8(content.subarray(at, slash))
    const letter = content.toString('latin1', slash + 1, slash + 2)
    text += letter === 'u' ? readUnit(content, slash + 2) : (ESCAPES.get(letter) ?? letter)
    at = slash + (letter === 'u' ? 6 : 2)
  }
  return (text + decodeUtf8(content.subarray(at))).toWellFormed()
}

/** A field name in a form in which two names are the same to Go if these are. Of use for names in ASCII. */
export function foldName(name: string): string {
  return name.replaceAll('ſ', 's').toLowerCase()
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function readUnit(content: Buffer, at: number): string {
  return String.fromCharCode(Number.parseInt(content.toString('latin1', at, at + 4), 16))
}

function skipSpace(data: Buffer, start: number): number {
  let at = start
  for (let byte = data[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = data[at]) at++
  return at
}

/** To behind the closing quote. */
function skipString(data: Buffer, quote: number): number {
  let at = quote + 1
  while (data[at] !== QUOTE) at += data[at] === BACKSLASH ? 2 : 1
  return at + 1
}

/** To behind a string, array or object; to behind the first byte of anything else. */
function skipValue(data: Buffer, start: number): number {
  let at = start
  let depth = 0
  do {
    depth += depthChange(data[at])
    at = data[at] === QUOTE ? skipString(data, at) : at + 1
  } while (depth > 0)
  return at
}

function findDepth(data: Buffer): number {
  let deepest = 0
  let depth = 0
  for (let at = 0; at < data.length; at = data[at] === QUOTE ? skipString(data, at) : at + 1) {
    depth += depthChange(data[at])
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

function depthChange(byte: number | undefined): number {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 1
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET ? -1 : 0
}

/** A decoder of the platform makes one U+FFFD of several bytes that belong together; Go makes one of each. */
function decodeUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString()
  const pieces: string[] = []
  let validFrom = 0
  for (let at = 0; at < bytes.length; ) {
    const size = runeSize(bytes, at)
    if (size === 0) pieces.push(bytes.toString('utf8', validFrom, at), '\ufffd')
    at += size || 1
    if (size === 0) validFrom = at
  }
  return pieces.join('') + bytes.toString('utf8', validFrom)
}

/** The number of bytes of the character there; 0 if they are none. */
function runeSize(bytes: Buffer, at: number): number {
  const lead = bytes.readUInt8(at)
  if (lead < 0x80) return 1
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  return isUtf8(bytes.subarray(at, at + size)) ? size : 0
}
