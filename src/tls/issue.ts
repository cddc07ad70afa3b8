// The library needs metadata on the global object first. Who only serves from files loads neither, nor this file.
import 'reflect-metadata'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { Pair } from './pair.ts'

/** A certificate authority that was made for one purpose, and a server certificate that it signed. */
export interface Issued extends Pair {
  /** PEM; what clients have to trust, e.g. as the `caBundle` of a webhook configuration. */
  readonly ca: string
}

/** Who signs, and for how long. */
export interface IssueOptions {
  /** Milliseconds since the epoch. */
  readonly now?: number
  /** Milliseconds. */
  readonly lifetime?: number
  /** Common name of the authority; two that are trusted at the same time are better told apart. */
  readonly authorityName?: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const HOUR_MS = 3_600_000
/** How long ago a new certificate begins to be valid: clocks of a cluster differ. */
const BACKDATED_MS = HOUR_MS
/** Lifetime of a certificate for which nothing else is said. */
const DEFAULT_LIFETIME_MS = 365 * 24 * HOUR_MS

/**
 * Issues a certificate: a new authority that signs one leaf and is then forgotten, its key with it, so that nobody can ever
 * sign another.
 *
 * @param names DNS names and IP addresses that the leaf is for
 */
export async function issueCertificate(names: readonly string[], options: IssueOptions = {}): Promise<Issued> {
  const { now = Date.now(), lifetime = DEFAULT_LIFETIME_MS, authorityName = 'regcred development CA' } = options
  const { subtle } = globalThis.crypto
  const validity = { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + lifetime) }
  const authorityKeys = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [authorityName] }],
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const keys = await subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const leaf = await x509.X509CertificateGenerator.create({
    subject: 'CN=regcred',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map(value => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const pkcs8 = await subtle.exportKey('pkcs8', keys.privateKey)
  const authorityPem = authority.toString('pem')
  return { ca: authorityPem, cert: leaf.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') }
}
