/** Which versions and cipher suites of TLS a server offers, as Node takes them. */
export interface TlsProtocol {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** OpenSSL's names, joined by colons; those of TLS 1.3 are among them. */
  readonly ciphers: string
}

/** The versions, by the names that kube-apiserver has for them. */
export const TLS_VERSIONS: Readonly<Record<string, TlsProtocol['minVersion']>> = {
  VersionTLS12: 'TLSv1.2',
  VersionTLS13: 'TLSv1.3',
}

/** Suites with forward secrecy and authenticated encryption, by their IANA names, with the names that OpenSSL has. */
const STRONG: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
}

/** Those of TLS 1.3, which has no others: as in kube-apiserver, they may be named and are always on. */
const OF_TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

/** The suites by the names that kube-apiserver has for them; the last four (CBC) are off unless they are named. */
export const TLS_CIPHER_SUITES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(OF_TLS13.map(name => [name, name])),
  ...STRONG,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
}

/** What is offered where nothing else is asked for. */
export const DEFAULT_TLS_PROTOCOL: TlsProtocol = { minVersion: 'TLSv1.2', ciphers: ciphersOf(Object.keys(STRONG)) }

/**
 * The suites of these IANA names, and those of TLS 1.3.
 *
 * @param names keys of {@link TLS_CIPHER_SUITES}
 */
export function ciphersOf(names: readonly string[]): string {
  return [...new Set([...OF_TLS13, ...names.map(name => TLS_CIPHER_SUITES[name])])].join(':')
}
