import { isIP, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { memoizeWeak } from '../runtime/memoize.ts'

/** The names of which a client's certificate has to have one; without any, every certificate of the CA will do. */
export interface ClientNames {
  /** Common names, compared as they are. */
  readonly commonNames: readonly string[]
  /** DNS names, IP addresses, URIs and e-mail addresses. */
  readonly subjectAltNames: readonly string[]
}

/** What is known of who opened a connection. */
type Client = 'known' | 'unknown' | 'otherName'

/** A subject alternative name, as `DNS:a.example.com` or `IP Address:[2001:db8::1]`. */
type AltName = string

/** An entry of `subjectaltname`, which Node writes like JSON where it is not plain, so that no name can forge another. */
const ENTRY = /([^:",]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y

/**
 * Tells who sends reviews, by the certificate that was shown when the connection was opened.
 *
 * | certificate                               | names are asked for | one of them is in it |           |
 * | ----------------------------------------- | ------------------- | -------------------- | --------- |
 * | none, of another CA, or not for a client  |                     |                      | unknown   |
 * | of the CA                                 | no                  |                      | known     |
 * | of the CA                                 | yes                 | yes                  | known     |
 * | of the CA                                 | yes                 | no                   | otherName |
 */
export function createClientCheck({ commonNames, subjectAltNames }: ClientNames): (socket: Socket) => Client {
  const altNames = subjectAltNames.map(toAltName)
  const needsName = commonNames.length + altNames.length > 0
  const isNamed = memoizeWeak((socket: TLSSocket) => {
    const { subject, subjectaltname } = socket.getPeerCertificate()
    // Of several common names each verifier takes another, so none of them counts; Node then gives a list.
    const found =
      commonNames.some(name => name === subject?.CN) ||
      readAltNames(subjectaltname).some(name => altNames.includes(name))
    return { found }
  })
  return socket => {
    if (!(socket instanceof TLSSocket && socket.authorized)) return 'unknown'
    return !needsName || isNamed(socket).found ? 'known' : 'otherName'
  }
}

function toAltName(name: string): AltName {
  if (isIP(name) !== 0) return canonical('IP Address', name)
  if (name.includes('://')) return canonical('URI', name)
  return canonical(name.includes('@') ? 'email' : 'DNS', name)
}

/** None if any of them cannot be read. */
export function readAltNames(text = ''): readonly AltName[] {
  const names: AltName[] = []
  ENTRY.lastIndex = 0
  while (ENTRY.lastIndex < text.length) {
    const [, kind = '', value = ''] = ENTRY.exec(text) ?? []
    if (kind === '') return []
    names.push(canonical(kind, value.startsWith('"') ? String(JSON.parse(value)) : value))
  }
  return names
}

/** OpenSSL writes IPv6 addresses in full, people do not; the case of DNS names does not matter. */
function canonical(kind: string, value: string): AltName {
  if (kind === 'DNS') return `${kind}:${value.toLowerCase()}`
  return `${kind}:${kind === 'IP Address' && isIP(value) === 6 ? new URL(`http://[${value}]`).hostname : value}`
}
