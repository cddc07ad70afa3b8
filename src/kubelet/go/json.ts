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
export function isJson(data: string, { depth }: JsonSurvey = surveyJson(data)): boolean {
  // What is deeper than that is not parsed.
  if (depth > MAX_JSON_DEPTH) return false
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

/** Levels of nesting, as in Go. */
const MAX_JSON_DEPTH = 10_000

/** What a blank or a digit counts for. */
const TOKENS_PER_BLANK = 1 / 16
/** What opens an object or an array counts for: to make one takes as long as to read all that an entry of a docker config has. */
const TOKENS_PER_OBJECT = 20

/** What a first look at JSON tells. */
export interface JsonSurvey {
  readonly depth: number
  readonly tokens: number
}

/**
 * How deep values lie in each other, and how many tokens there are: strings, commas, colons, and of blanks and digits sixteen; what
 * opens an object or an array is twenty. It costs a fraction of what it costs to read them, and stops beyond `maxTokens`. Of what is not JSON it says nothing.
 */
export function surveyJson(data: string, maxTokens: number = Number.POSITIVE_INFINITY): JsonSurvey {
  let deepest = 0
  let depth = 0
  let tokens = 0
  let isInString = false
  for (let at = 0; at < data.length && tokens <= maxTokens; at++) {
    const byte = data.charCodeAt(at)
    if (isInString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isInString = false
      continue
    }
    // Blanks and digits, of which there may be a million.
    if (byte <= 0x20 || (byte >= 0x30 && byte <= 0x39)) {
      tokens += TOKENS_PER_BLANK
      continue
    }
    const change = depthChange(byte)
    depth += change
    if (depth > deepest) deepest = depth
    isInString = byte === QUOTE
    if (change > 0) tokens += TOKENS_PER_OBJECT
    else if (isInString || byte === COMMA || byte === COLON) tokens++
  }
  return { depth: deepest, tokens }
}

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

/** Bytes of a string value with its quotes and escapes: 2 for an empty one. */
export function lengthOfString({ data, start }: JsonValue): number {
  const quote = skipSpace(data, start)
  return skipString(data, quote) - quote
}

/** A field name in a form in which two names are the same to Go if these are. Of use for names in ASCII. */
export function foldName(name: string): string {
  return name.replaceAll('ſ', 's').toLowerCase()
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
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
  const end = data.indexOf('"', quote + 1)
  if (data.charCodeAt(end - 1) !== BACKSLASH) return end + 1
  let at = quote + 1
  while (at < data.length && data.charCodeAt(at) !== QUOTE) at += data.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
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

function depthChange(byte: number): number {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 1
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET ? -1 : 0
}
