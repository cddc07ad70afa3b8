import { decodeUtf8 } from './utf8.ts'

/**
 * Reads JSON as Go's encoding/json does where JSON.parse does otherwise: fields that come twice are all seen, names match
 * without regard to case, each invalid byte of UTF-8 becomes one U+FFFD, and nesting has a limit.
 *
 * Everything but isJson expects bytes of which isJson has said yes.
 *
 * @see encoding/json of Go 1.26 (not its v2), Unmarshal
 */
export interface JsonValue {
  /** A string of bytes. */
  readonly data: string
  /** Where the value begins, or space before it. */
  readonly start: number
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/**
 * Whether these bytes are one JSON value, at most 10,000 levels deep. Neither Go nor JSON.parse minds what bytes above 0x7f
 * are in a string, and neither has them anywhere else, so that nothing has to be decoded for this.
 */
export function isJson(data: string): boolean {
  try {
    JSON.parse(data)
  } catch {
    return false
  }
  return findDepth(data) <= MAX_JSON_DEPTH
}

/** Levels of nesting, as in Go. */
const MAX_JSON_DEPTH = 10_000

export function kindOf({ data, start }: JsonValue): JsonKind {
  switch (data.charCodeAt(skipSpace(data, start))) {
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
  while (data.charCodeAt(at) !== CLOSE_BRACE) {
    const name = readString({ data, start: at })
    const colon = skipSpace(data, skipString(data, at))
    const value = { data, start: skipSpace(data, colon + 1) }
    yield { name, value }
    at = skipValue(data, value.start)
    // What is left of a number or literal holds neither a comma nor a brace.
    while (!isBehindMember(data.charCodeAt(at))) at++
    if (data.charCodeAt(at) === COMMA) at = skipSpace(data, at + 1)
  }
}

/**
 * The text of a string value; half a surrogate pair becomes U+FFFD as well. It is a copy: a part of a string would keep the
 * whole of it in memory, and JSON.parse makes its strings anew.
 */
export function readString({ data, start }: JsonValue): string {
  const quote = skipSpace(data, start)
  const text: string = JSON.parse(decodeUtf8(data.slice(quote, skipString(data, quote))))
  return text.toWellFormed()
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

function isBehindMember(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE
}

function skipSpace(data: string, start: number): number {
  let at = start
  while (isSpace(data.charCodeAt(at))) at++
  return at
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** To behind the closing quote. */
function skipString(data: string, quote: number): number {
  let end = data.indexOf('"', quote + 1)
  while (isEscaped(data, end)) end = data.indexOf('"', end + 1)
  return end + 1
}

/** Whether the backslashes before it are an odd number. */
function isEscaped(data: string, at: number): boolean {
  let first = at
  while (data.charCodeAt(first - 1) === BACKSLASH) first--
  return (at - first) % 2 === 1
}

/** To behind a string, array or object; to behind the first byte of anything else. */
function skipValue(data: string, start: number): number {
  let at = start
  let depth = 0
  do {
    const byte = data.charCodeAt(at)
    depth += depthChange(byte)
    at = byte === QUOTE ? skipString(data, at) : at + 1
  } while (depth > 0)
  return at
}

function findDepth(data: string): number {
  let deepest = 0
  let depth = 0
  for (let at = 0; at < data.length; ) {
    const byte = data.charCodeAt(at)
    depth += depthChange(byte)
    deepest = Math.max(deepest, depth)
    at = byte === QUOTE ? skipString(data, at) : at + 1
  }
  return deepest
}

function depthChange(byte: number): number {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 1
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET ? -1 : 0
}
