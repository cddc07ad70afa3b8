import { text } from 'node:stream/consumers'
import t from 'tap'
import { ciphersOf, TLS_CIPHER_SUITES } from '../../src/runtime/tls-protocol.ts'
import { openTo, serveEmpty } from './serve-empty.ts'

const LIVE = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
/** Of a TLS 1.2 client that would take anything, however weak. */
const TLS12 = { maxVersion: 'TLSv1.2', ciphers: 'ALL:@SECLEVEL=0' } as const
const CBC = Object.keys(TLS_CIPHER_SUITES).filter(name => name.endsWith('CBC_SHA'))

t.test('a client that can do nothing but CBC gets no connection, unless it was asked for', async t => {
  const cbc = { ...TLS12, ciphers: CBC.map(name => TLS_CIPHER_SUITES[name]).join(':') }
  const { port } = await serveEmpty(t)
  await t.rejects(openTo(port, cbc), { code: /HANDSHAKE_FAILURE/ })
  const asked = await serveEmpty(t, { protocol: { minVersion: 'TLSv1.2', ciphers: ciphersOf(CBC) } })
  const socket = await openTo(asked.port, cbc)
  t.match(socket.getCipher().standardName, /CBC_SHA$/)
  socket.destroy()
})

t.test('suites without forward secrecy are offered to nobody', async t => {
  const { port } = await serveEmpty(t)
  await t.rejects(openTo(port, { ...TLS12, ciphers: 'kRSA:@SECLEVEL=0' }), { code: /HANDSHAKE_FAILURE/ })
  const socket = await openTo(port, TLS12)
  t.match(socket.getCipher().standardName, /^TLS_ECDHE_ECDSA_WITH_(AES_\d+_GCM|CHACHA20)/)
  socket.destroy()
})

t.test('the lowest version is the one that was asked for', async t => {
  const ciphers = ciphersOf(Object.keys(TLS_CIPHER_SUITES))
  const { port } = await serveEmpty(t, { protocol: { minVersion: 'TLSv1.3', ciphers } })
  await t.rejects(openTo(port, TLS12), { code: /PROTOCOL_VERSION/ })
  const socket = await openTo(port)
  t.equal(socket.getProtocol(), 'TLSv1.3')
  socket.end(LIVE)
  t.match(await text(socket), /^HTTP\/1\.1 200 /)
  await t.rejects(openTo((await serveEmpty(t)).port, { ...TLS12, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }))
})

t.test('no connection is negotiated anew', async t => {
  const { port } = await serveEmpty(t)
  const socket = await openTo(port, TLS12)
  const outcome = await new Promise(resolve => {
    socket.on('error', resolve)
    socket.renegotiate({}, error => resolve(error ?? 'negotiated anew'))
  })
  t.match(outcome, { code: 'ERR_SSL_NO_RENEGOTIATION' })
  socket.destroy()
})
