import 'reflect-metadata'
import { generateKeyPairSync, randomBytes, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const DAY = 24 * 60 * 60 * 1000

/** A certificate and its private key, both as PEM. */
export interface Credential {
  readonly certificate: string
  readonly key: string
}

export interface Authority {
  /** As PEM: what whoever is to trust it needs. */
  readonly certificate: string
  /** A certificate for a server at 127.0.0.1 and these DNS names and addresses. */
  issueServer(names: readonly string[]): Promise<Credential>
  /** A certificate that names a user, and the groups they are in, to kube-apiserver. */
  issueClient(user: string, groups?: readonly string[]): Promise<Credential>
  /** A client's certificate with this subject and these alternative names. */
  issueNamed(subject: x509.JsonName, names: x509.JsonGeneralNames): Promise<Credential>
}

/** Makes a certificate authority that is forgotten with this process. All it issues is valid for a day. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await makeKeys()
  const issuer = [{ CN: [name] }]
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(),
    name: issuer,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const issue = async (subject: x509.JsonName, usage: string, extensions: x509.Extension[]): Promise<Credential> => {
    const own = await makeKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      ...common(),
      subject,
      issuer,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(root.publicKey),
        ...extensions,
      ],
    })
    return { certificate: certificate.toString('pem'), key: await exportKey(own.privateKey) }
  }
  return {
    certificate: root.toString('pem'),
    issueServer: names =>
      issue([{ CN: ['127.0.0.1'] }], SERVER_AUTH, [
        new x509.SubjectAlternativeNameExtension(
          ['127.0.0.1', ...names].map(value => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
      ]),
    issueClient: (user, groups = []) =>
      issue([...groups.map(group => ({ O: [group] })), { CN: [user] }], CLIENT_AUTH, []),
    issueNamed: (subject, names) =>
      issue(subject, CLIENT_AUTH, names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  }
}

/** A key to sign ServiceAccount tokens with, as PEM in the one form that kube-apiserver also takes as the public key. */
export function createSigningKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString()
}

function common() {
  const now = Date.now()
  return {
    serialNumber: randomBytes(16).toString('hex'),
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + DAY),
    signingAlgorithm: ALGORITHM,
  }
}

function makeKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), x509.PemConverter.PrivateKeyTag)
}
