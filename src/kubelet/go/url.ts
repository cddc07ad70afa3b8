/**
 * The parts of a URL that the kubelet's keyring looks at. All strings here are strings of bytes: an escape may be of any.
 */
export interface Location {
  /** With port and brackets, e.g. `[fd00::1]:5000`; may hold globs. */
  readonly host: string
  /** Empty or from the first slash on; escapes are decoded. */
  readonly path: string
}

/**
 * Parses what follows `https://` or `http://`; undefined where Go's parser fails.
 *
 * @see net/url of Go 1.26, Parse
 */
export function parseLocation(text: string): Location | undefined {
  const [location, fragment] = cut(text, '#')
  if (holdsControl(location) || decode(fragment, ANY) === undefined) return undefined
  const [authorityAndPath] = cut(location, '?')
  const slash = authorityAndPath.indexOf('/')
  const authority = slash < 0 ? authorityAndPath : authorityAndPath.slice(0, slash)
  const host = parseAuthority(authority)
  const path = decode(authorityAndPath.slice(authority.length), ANY)
  return host === undefined || path === undefined ? undefined : { host, path }
}

/**
 * Splits a host of a Location into name and port; the port is empty where there is none or where Go's rules find none, as
 * in `[fd00::1]`, which then keeps its brackets.
 *
 * @see net of Go 1.26, SplitHostPort
 */
export function splitHostPort(host: string): { name: string; port: string } {
  const colon = host.lastIndexOf(':')
  const bracketed = host.startsWith('[')
  const end = bracketed ? host.indexOf(']') + 1 : 0
  if (colon < 0 || (bracketed && end !== colon) || host.includes(']', end)) return { name: host, port: '' }
  return { name: bracketed ? host.slice(1, end - 1) : host.slice(0, colon), port: host.slice(colon + 1) }
}

/** What may stand in one part of a URL. */
interface Charset {
  /** Finds a byte that may not stand there as it is. */
  readonly refused?: RegExp
  /** Whether an escape (with its percent sign) of this byte may. */
  readonly mayEscape: (escaped: string, byte: number) => boolean
}

const ANY: Charset = { mayEscape: () => true }
const NOT_IN_HOST = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\x80-\xff]/
const HOST: Charset = { refused: NOT_IN_HOST, mayEscape: (escaped, byte) => byte >= 0x80 || escaped === '%25' }
const ZONE: Charset = {
  refused: NOT_IN_HOST,
  mayEscape: (escaped, byte) =>
    escaped === '%25' || byte === 0x20 || (byte < 0x80 && !NOT_IN_HOST.test(String.fromCharCode(byte))),
}

function decode(text: string, { refused, mayEscape }: Charset): string | undefined {
  const [plain = '', ...pieces] = text.split('%')
  if (refused?.test(plain)) return undefined
  let result = plain
  for (const piece of pieces) {
    const digits = piece.slice(0, 2)
    const rest = piece.slice(2)
    const byte = Number.parseInt(digits, 16)
    if (!/^[0-9a-fA-F]{2}$/.test(digits) || !mayEscape(`%${digits}`, byte) || refused?.test(rest)) return undefined
    result += String.fromCharCode(byte) + rest
  }
  return result
}

function parseAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@')
  const user = authority.slice(0, Math.max(at, 0))
  if (/[^A-Za-z0-9\-._:~!$&'()*+,;=%@]/.test(user) || decode(user, ANY) === undefined) return undefined
  return parseHost(authority.slice(at + 1))
}

function parseHost(host: string): string | undefined {
  const bracket = host.lastIndexOf('[')
  if (bracket === 0) return parseLiteral(host)
  const colon = host.indexOf(':')
  if (bracket > 0 || (colon >= 0 && !PORT.test(host.slice(colon)))) return undefined
  return decode(host, HOST)
}

const PORT = /^:[0-9]*$/

/** An IPv6 address in brackets, which may have a zone after an escaped percent sign. */
function parseLiteral(host: string): string | undefined {
  const end = host.lastIndexOf(']')
  const port = host.slice(end + 1)
  if (end < 0 || (port !== '' && !PORT.test(port))) return undefined
  const literal = host.slice(1, end)
  const zoneAt = literal.includes('%25') ? literal.indexOf('%25') : literal.length
  const address = decode(literal.slice(0, zoneAt), HOST)
  const zone = decode(literal.slice(zoneAt), ZONE)
  if (address === undefined || zone === undefined || !isIPv6(address + zone)) return undefined
  return `[${address}${zone}]${port}`
}

/** @see net/netip of Go 1.26, ParseAddr */
function isIPv6(text: string): boolean {
  const [address, zone, zoned] = cut(text, '%')
  const [head = '', tail, more] = address.split('::')
  if ((zoned && zone === '') || more !== undefined) return false
  const groups = [head, tail ?? ''].flatMap(half => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  // An IPv4 address may stand for the last two groups.
  const hasTail = isIPv4(last) && address.endsWith(last)
  const length = groups.length + (hasTail ? 1 : 0)
  if (tail === undefined ? length !== 8 : length > 7) return false
  return (hasTail ? groups.slice(0, -1) : groups).every(group => /^[0-9a-fA-F]{1,4}$/.test(group))
}

function isIPv4(text: string): boolean {
  const fields = text.split('.')
  return fields.length === 4 && fields.every(field => /^(?:0|[1-9][0-9]{0,2})$/.test(field) && Number(field) < 256)
}

function holdsControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const byte = text.charCodeAt(at)
    if (byte < 0x20 || byte === 0x7f) return true
  }
  return false
}

function cut(text: string, separator: string): [before: string, after: string, found: boolean] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, '', false] : [text.slice(0, at), text.slice(at + 1), true]
}
