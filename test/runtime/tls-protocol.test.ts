import { createSecureContext, getCiphers } from 'node:tls'
import t from 'tap'
import { ciphersOf, DEFAULT_TLS_PROTOCOL, TLS_CIPHER_SUITES, TLS_VERSIONS } from '../../src/runtime/tls-protocol.ts'

t.test('every suite is one that OpenSSL has', async t => {
  t.strictSame(
    Object.values(TLS_CIPHER_SUITES).filter(name => !getCiphers().includes(name.toLowerCase())),
    [],
  )
  for (const name of Object.keys(TLS_CIPHER_SUITES)) createSecureContext({ ciphers: ciphersOf([name]) })
})

t.test('what is offered without a word has forward secrecy and authenticated encryption', async t => {
  const { minVersion, ciphers } = DEFAULT_TLS_PROTOCOL
  t.equal(minVersion, TLS_VERSIONS['VersionTLS12'])
  for (const cipher of ciphers.split(':')) t.match(cipher, /^(TLS|ECDHE-(RSA|ECDSA))[-_].*(GCM|CHACHA20)/)
})
