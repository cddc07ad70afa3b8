import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'

/** A certificate with its chain, and its key; both PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/**
 * What keeps a pair from being served, as one sentence that says what to do; undefined if nothing does.
 *
 * Node takes an empty key or certificate without a word and then fails every handshake, so all of it is tried here.
 *
 * @param now milliseconds since the epoch
 */
export function faultOfPair({ cert, key }: Pair, now: number): string | undefined {
  const leaf = parse(() => new X509Certificate(cert))
  if (leaf === undefined) return 'the certificate is not PEM; give the file that starts with BEGIN CERTIFICATE'
  const secret = parse(() => createPrivateKey(key))
  if (secret === undefined) return 'the private key is not PEM without a passphrase; give the file that holds the key'
  if (!leaf.checkPrivateKey(secret)) return 'the certificate does not match the private key; give the two of one pair'
  if (parse(() => createSecureContext({ cert, key })) === undefined) {
    return 'the certificate chain cannot be read; give the leaf first, then what signed it'
  }
  if (Date.parse(leaf.validTo) <= now) return `the certificate expired on ${leaf.validTo}; renew it`
  if (Date.parse(leaf.validFrom) > now) return `the certificate is not valid before ${leaf.validFrom}; check the clock`
  return undefined
}

/**
 * What keeps PEM from being a list of authorities, as one sentence that says what to do; undefined if nothing does.
 *
 * Node skips what it cannot read and then trusts nobody, so each certificate is read here.
 */
export function faultOfAuthorities(pem: string): string | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  const authorities = blocks.map(block => parse(() => new X509Certificate(block)))
  if (authorities.length > 0 && authorities.every(authority => authority?.ca)) return undefined
  return 'this is no list of authorities; give PEM certificates that may sign others'
}

/** When the leaf of a pair stops being valid, in milliseconds since the epoch. */
export function notAfter({ cert }: Pair): number {
  return Date.parse(new X509Certificate(cert).validTo)
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
