import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { splitCertificates } from './pem.ts'

/** A certificate with its chain, and its key; both PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** What those who connect will hold a pair to, besides key, usage and time. */
export interface Expected {
  /** DNS names and IP addresses that the leaf has to be for. */
  readonly names?: readonly string[]
  /** PEM of the one authority that has to have signed it; any may have, if this is not given. */
  readonly ca?: string
}

/** What a certificate with an extended key usage has to list to be a server's. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

/**
 * What keeps a pair from being served, as one sentence that says what to do; undefined if nothing does.
 *
 * Node takes an empty key or certificate without a word and then fails every handshake, so all of it is tried here.
 *
 * @param now milliseconds since the epoch
 */
export function faultOfPair({ cert, key }: Pair, now: number, { names = [], ca }: Expected = {}): string | undefined {
  const leaf = parse(() => new X509Certificate(cert))
  if (leaf === undefined) return 'the certificate is not PEM; give the file that starts with BEGIN CERTIFICATE'
  const secret = parse(() => createPrivateKey(key))
  if (secret === undefined) return 'the private key is not PEM without a passphrase; give the file that holds the key'
  if (!leaf.checkPrivateKey(secret)) return 'the certificate does not match the private key; give the two of one pair'
  const chain = parseCertificates(cert)
  if (chain === undefined || parse(() => createSecureContext({ cert, key })) === undefined) {
    return 'the certificate chain cannot be read; give the server certificate first, then the CAs that signed it'
  }
  const idle = chain.slice(1).some(signer => !chain.some(signed => signed !== signer && isSignedBy(signed, signer)))
  if (idle) return 'the certificate chain has a certificate that signed none of the others; remove it'
  // Without the extension a certificate is for every use, with it for what it lists.
  if (leaf.keyUsage?.includes(SERVER_AUTH) === false) {
    return 'the certificate is not for servers; issue it with the extended key usage serverAuth'
  }
  const other = names.find(name => !isFor(leaf, name))
  if (other !== undefined) return `the certificate is not for ${other}; issue it with that name`
  return faultOfAuthority(chain, now, ca) ?? faultOfTime('certificate', leaf, now)
}

/**
 * What keeps PEM from being a CA bundle, as one sentence that says what to do; undefined if nothing does.
 *
 * Node skips what it cannot read and then trusts nobody, so each certificate is read here.
 */
export function faultOfAuthorities(pem: string): string | undefined {
  if (parseCertificates(pem)?.every(authority => authority.ca)) return undefined
  return 'this is not a CA bundle; give CA certificates in PEM'
}

/** When the leaf of a pair stops being valid, in milliseconds since the epoch. */
export function notAfter({ cert }: { readonly cert: string }): number {
  return Date.parse(new X509Certificate(cert).validTo)
}

/** The DNS names and IP addresses that the leaf of a pair is for. */
export function leafNames({ cert }: { readonly cert: string }): readonly string[] {
  const names = new X509Certificate(cert).subjectAltName ?? ''
  return [...names.matchAll(/(?:DNS|IP Address):([^,"]+)/g)].map(([, name = '']) => name)
}

/** The certificates of a file, which may hold words between them; undefined if there is none or one cannot be read. */
export function parseCertificates(pem: string): readonly X509Certificate[] | undefined {
  const read = parse(() => splitCertificates(pem).map(certificate => new X509Certificate(certificate)))
  return read?.length === 0 ? undefined : read
}

function faultOfAuthority(chain: readonly X509Certificate[], now: number, ca: string | undefined): string | undefined {
  if (ca === undefined) return undefined
  const authority = parse(() => new X509Certificate(ca))
  if (authority?.ca !== true) return 'the CA certificate cannot be read; issue both again'
  if (!chain.some(signed => isSignedBy(signed, authority))) {
    return 'the certificate is not signed by its CA; issue both again'
  }
  return faultOfTime('CA certificate', authority, now)
}

function faultOfTime(what: string, { validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (Date.parse(validTo) <= now) return `the ${what} expired on ${validTo}; renew it`
  if (Date.parse(validFrom) > now) return `the ${what} is not valid before ${validFrom}; check the clock`
  return undefined
}

/** Whether one certificate has signed another. */
export function isSignedBy(signed: X509Certificate, signer: X509Certificate): boolean {
  // A key of a kind that OpenSSL does not know throws.
  return signed.checkIssued(signer) && parse(() => signed.verify(signer.publicKey)) === true
}

/** Whether a certificate is for a name or an address, as Go's TLS sees it, which does not look at the subject. */
export function isFor(leaf: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) : leaf.checkIP(name)) !== undefined
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
