import { once } from 'node:events'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import fc from 'fast-check'
import t from 'tap'
import type { LiveReads } from '../../src/cluster/view.ts'
import { BodyRoom } from '../../src/http/body-room.ts'
import type { ConnectionLimits } from '../../src/http/connections.ts'
import { Decoder } from '../../src/http/decoder.ts'
import { Drain } from '../../src/http/drain.ts'
import { buildServer } from '../../src/http/server.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { FairSemaphore } from '../../src/runtime/fair-semaphore.ts'
import { createAuthority } from '../tls/pki.ts'

const authority = await createAuthority('test')
const credential = await authority.issueServer(['localhost'])
const POD = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'registry.example.com/web' }] } }
const REVIEW = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u-1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    namespace: 'team-a',
    operation: 'CREATE',
    object: POD,
  },
})

/** Bytes of large bodies that are let in at once. */
const MOST_BYTES = 8 * 1024 * 1024

interface Listening {
  readonly port: number
  readonly drain: Drain
  readonly codes: string[]
  readonly bodyRoom: BodyRoom
  /** Ends as the product does; answered reviews first. */
  close(timeout?: number): Promise<void>
}

interface ListenOptions {
  readonly connections?: ConnectionLimits
  readonly clientCa?: string
  readonly live?: Partial<LiveReads>
  readonly roomBytes?: number
}

/** A server that really listens, over an empty cluster. */
async function listen(
  test: { teardown(end: () => Promise<void>): void },
  { clientCa, live, connections, roomBytes = MOST_BYTES }: ListenOptions = {},
): Promise<Listening> {
  const view = new ManifestView([])
  const reads: LiveReads = {
    readSecret: () => view.readSecret('', ''),
    readSecrets: () => view.readSecrets(''),
    lookForMatch: (_, images) => view.lookForMatch('', images),
    noteMisses: () => undefined,
    readServiceAccount: () => view.readServiceAccount('', ''),
    readNamespace: () => view.readNamespace(''),
    ...live,
  }
  const drain = new Drain()
  const codes: string[] = []
  const bodyRoom = new BodyRoom({ small: roomBytes, large: roomBytes })
  const server = buildServer({
    pair: { cert: credential.certificate, key: credential.key },
    ...(clientCa === undefined ? {} : { clientCa }),
    ...(connections === undefined ? {} : { connections }),
    drain,
    context: () => ({
      view,
      live: reads,
      rulebook: prepareRulebook(defaultSettings),
      now: Date.now,
    }),
    decoder: new Decoder(),
    eventLoopDelay: () => 0,
    reviews: new FairSemaphore(4),
    bodyRoom,
    checks: () => [{ name: 'shutdown', ok: !drain.begun, required: true }],
    observer: { answered: () => codes.push('answered'), failed: (_stage, code) => codes.push(code) },
  })
  const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
  let closed: Promise<void> | undefined
  const close = (timeout = 0) => {
    closed ??= drain.close(server, timeout)
    return closed
  }
  test.teardown(() => close())
  return { port: Number(port), drain, codes, bodyRoom, close }
}

async function openTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.certificate, ...options })
  await once(socket, 'secureConnect')
  return socket
}

interface Answer {
  readonly status: number
  readonly connection: string | undefined
  readonly body: Record<string, unknown>
  /** Of the connection that was used. */
  readonly localPort: number | undefined
}

/** Sends a review, or gets a path. */
async function send(port: number, agent: HttpsAgent, path = '/validate', method = 'POST'): Promise<Answer> {
  const headers = method === 'POST' ? { 'content-type': 'application/json' } : {}
  const request = httpsRequest({ host: '127.0.0.1', port, path, method, headers, agent, ca: authority.certificate })
  request.end(method === 'POST' ? REVIEW : undefined)
  const [response] = await once(request, 'response')
  const body = await text(response)
  return {
    status: response.statusCode,
    connection: response.headers.connection,
    body: body.startsWith('{') ? JSON.parse(body) : { text: body },
    localPort: request.socket?.localPort,
  }
}

function keepAlive(test: { teardown(end: () => void): void }): HttpsAgent {
  const agent = new HttpsAgent({ keepAlive: true })
  test.teardown(() => agent.destroy())
  return agent
}

t.test('TLS 1.2 and 1.3 are spoken, and nothing older', async t => {
  const { port } = await listen(t)
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await openTls(port, { minVersion: version, maxVersion: version })
    t.equal(socket.getProtocol(), version)
    socket.destroy()
  }
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  await t.rejects(openTls(port, old), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })
})

t.test('a connection serves many reviews', async t => {
  const { port, codes } = await listen(t)
  const agent = keepAlive(t)
  const answers = [await send(port, agent), await send(port, agent, '/mutate'), await send(port, agent)]
  t.equal(new Set(answers.map(({ localPort }) => localPort)).size, 1)
  t.strictSame(codes, ['answered', 'answered', 'answered'])
  for (const { status, connection, body } of answers) {
    t.match({ status, connection, body }, { status: 200, connection: 'keep-alive', body: { response: { uid: 'u-1' } } })
  }
})

t.test('what is no HTTP gets a coded error, and its connection ends', async t => {
  const { port } = await listen(t)
  const socket = await openTls(port)
  socket.write('hunter2\r\n\r\n')
  const error = '{"code":"BAD_REQUEST","message":"the request is malformed"}'
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${error.length}`
  t.equal(await text(socket), `${head}\r\nConnection: close\r\n\r\n${error}`)
  const agent = keepAlive(t)
  const { status, body } = await send(port, agent, '/%zz', 'GET')
  t.strictSame({ status, body }, { status: 400, body: { code: 'BAD_REQUEST', message: 'the request is malformed' } })
})

t.test('a request that does not arrive is told so', async t => {
  const drain = new Drain()
  const server = buildServer({
    pair: { cert: credential.certificate, key: credential.key },
    drain,
    context: () => {
      throw new Error('not asked')
    },
    decoder: new Decoder(),
    eventLoopDelay: () => 0,
    reviews: new FairSemaphore(1),
    bodyRoom: new BodyRoom({ small: 1, large: 1 }),
    checks: () => [],
    observer: { answered: () => undefined, failed: () => undefined },
  })
  const socket = new PassThrough()
  server.server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
  t.match(String(socket.read()), /^HTTP\/1.1 408 Request Timeout\r\n.*\r\n\r\n{"code":"TOO_SLOW",/s)
  const gone = new PassThrough().destroy()
  server.server.emit('clientError', Object.assign(new Error('gone'), { code: 'ECONNRESET' }), gone)
  t.equal(gone.read(), null)
  await drain.close(server)
})

t.test('whatever bytes come, the connection ends, and an answer is a coded error', async t => {
  const { port } = await listen(t)
  const head = 'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n'
  const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array))
  const body = bytes.map(content =>
    Buffer.concat([Buffer.from(`${head}Content-Length: ${content.length}\r\n\r\n`), content]),
  )
  const headers = bytes.map(content => Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n\r\n')]))
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, body, headers), async content => {
      const socket = await openTls(port)
      socket.on('error', () => undefined)
      socket.end(content)
      const answer = await text(socket).catch(() => '')
      return answer === '' || /^HTTP\/1.1 4\d\d .*\r\n\r\n{"code":"[A-Z_]+","message":"[^"]+"}$/s.test(answer)
    }),
    { numRuns: 100 },
  )
})

t.test('an end begins: readiness fails, and each answer ends its connection', async t => {
  const { port, drain } = await listen(t)
  const agent = keepAlive(t)
  t.equal((await send(port, agent, '/readyz', 'GET')).status, 200)
  drain.begin()
  t.match(await send(port, agent, '/readyz', 'GET'), { status: 503, connection: 'close' })
  t.match(await send(port, agent), { status: 200, connection: 'close', body: { response: { uid: 'u-1' } } })
})

t.test('the end: what is under way is answered, and what is silent is closed', async t => {
  const asked = Promise.withResolvers<void>()
  const known = Promise.withResolvers<{ readonly state: 'absent' }>()
  const readNamespace = () => {
    asked.resolve()
    return known.promise
  }
  const { port, close } = await listen(t, { live: { readNamespace } })
  const agent = keepAlive(t)
  const silent = await openTls(port)
  const unspoken = connectTcp(port, '127.0.0.1')
  await once(unspoken, 'connect')
  const answering = send(port, agent)
  await asked.promise
  const closing = close(60_000)
  await t.rejects(openTls(port), { code: 'ECONNREFUSED' })
  known.resolve({ state: 'absent' })
  t.match(await answering, { status: 200, connection: 'close', body: { response: { uid: 'u-1', allowed: true } } })
  await closing
  for (const socket of [silent, unspoken]) if (!socket.destroyed) await once(socket, 'close')
})

t.test('the end does not wait for what is never answered', async t => {
  const asked = Promise.withResolvers<void>()
  const readNamespace = () => {
    asked.resolve()
    return new Promise<never>(() => undefined)
  }
  const { port, close } = await listen(t, { live: { readNamespace } })
  const answering = send(port, keepAlive(t))
  const refused = t.rejects(answering, { code: 'ECONNRESET' })
  await asked.promise
  await close(1)
  await refused
})

t.test('with a client CA reviews need a certificate of it, and probes need none', async t => {
  const clients = await createAuthority('clients')
  const others = await createAuthority('others')
  const { port, codes } = await listen(t, { clientCa: clients.certificate })
  const nobody = keepAlive(t)
  t.equal((await send(port, nobody, '/readyz', 'GET')).status, 200)
  const cases = [
    { name: 'one of it', issuer: clients, status: 200 },
    { name: 'one of another', issuer: others, status: 401 },
  ]
  for (const { name, issuer, status } of cases) {
    const { certificate, key } = await issuer.issueClient('kube-apiserver')
    const agent = new HttpsAgent({ cert: certificate, key })
    t.equal((await send(port, agent)).status, status, name)
  }
  t.match(await send(port, nobody), { status: 401, body: { code: 'UNKNOWN_CLIENT' } })
  t.strictSame(codes, ['answered', 'UNKNOWN_CLIENT', 'UNKNOWN_CLIENT'])
})

t.test('where clients show certificates no session is taken up again, with a certificate or without', async t => {
  const clients = await createAuthority('clients')
  const { port } = await listen(t, { clientCa: clients.certificate })
  const { certificate, key } = await clients.issueClient('kube-apiserver')
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = await openTls(port, { cert: certificate, key, maxVersion })
    let session = first.getSession()
    first.on('session', ticket => {
      session = ticket
    })
    first.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    t.match(await text(first), /^HTTP\/1.1 200 /)
    const again = await openTls(port, { maxVersion, ...(session && { session }) })
    t.equal(again.isSessionReused(), false, maxVersion)
    const head = `POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${REVIEW.length}`
    again.write(`${head}\r\nConnection: close\r\n\r\n${REVIEW}`)
    t.match(await text(again), /^HTTP\/1.1 401 /)
  }
})

/** The head of a request with a body of so many bytes. */
function headOf(bytes: number, timeout: string): string {
  const length = `Content-Length: ${bytes}`
  return `POST /validate?timeout=${timeout} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${length}\r\n\r\n`
}

/** Waits until so many bytes of bodies are held. */
async function waitUntilHeld(room: BodyRoom, bytes: number): Promise<void> {
  while (room.held !== bytes) await new Promise(setImmediate)
}

t.test('what is announced takes nothing from anybody, and what has come only as long as it is held', async t => {
  const { port, codes, bodyRoom } = await listen(t)
  const idle = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const socket = await openTls(port)
      socket.write(`${headOf(7 * 1024 * 1024, '30s')}{`)
      return socket
    }),
  )
  await waitUntilHeld(bodyRoom, 12)
  t.equal((await sendLarge(port, t)).status, 200)
  t.strictSame(codes, ['answered'])
  for (const socket of idle) socket.destroy()
  await waitUntilHeld(bodyRoom, 0)
})

t.test('a body for which there is no room waits, and goes on once there is some', async t => {
  const { port, codes, bodyRoom } = await listen(t, { roomBytes: 10 })
  const first = await openTls(port)
  first.write(headOf(1000, '30s') + ' '.repeat(20))
  await waitUntilHeld(bodyRoom, 20)
  const second = await openTls(port)
  second.write(headOf(REVIEW.length, '30s') + REVIEW)
  await waitUntilHeld(bodyRoom, 20 + REVIEW.length)
  t.strictSame(codes, [])
  first.destroy()
  const [answer] = await once(second, 'data')
  t.match(String(answer), /^HTTP\/1\.1 200 /)
  second.destroy()
  await waitUntilHeld(bodyRoom, 0)
})

t.test('a body that comes byte by byte is refused, however long it goes on', async t => {
  const { port, codes, bodyRoom } = await listen(t)
  const socket = await openTls(port)
  socket.write('POST /validate?timeout=10s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n')
  socket.write(`Transfer-Encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(3000)}`)
  t.match(await text(socket), /^HTTP\/1\.1 400 [\s\S]*crumbs/)
  t.strictSame(codes, ['BAD_REQUEST'])
  await waitUntilHeld(bodyRoom, 0)
})

t.test('a body that is announced as too large is not waited for', async t => {
  const { port, codes } = await listen(t)
  const socket = await openTls(port)
  socket.write(headOf(24 * 1024 * 1024 + 1, '10s'))
  t.match(await text(socket), /^HTTP\/1\.1 413 [\s\S]*connection: close/i)
  t.strictSame(codes, ['TOO_LARGE'])
})

t.test('a body that does not arrive in time is given up', async t => {
  const { port, bodyRoom } = await listen(t)
  const slow = await openTls(port)
  slow.write(`${headOf(5_000_000, '300ms')}{`)
  const ended = once(slow, 'close')
  slow.resume()
  await waitUntilHeld(bodyRoom, 1)
  await ended
  await waitUntilHeld(bodyRoom, 0)
})

/** Sends a review of a few hundred kilobytes. */
async function sendLarge(
  port: number,
  t: Parameters<typeof keepAlive>[0],
): Promise<{ status: number | undefined; answer: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const ca = authority.certificate
  const request = httpsRequest({
    host: '127.0.0.1',
    port,
    path: '/validate',
    method: 'POST',
    headers,
    agent: keepAlive(t),
    ca,
  })
  request.end(`${REVIEW.slice(0, -1)},"more":"${'x'.repeat(300_000)}"}`)
  const [response] = await once(request, 'response')
  return { status: response.statusCode, answer: JSON.parse(await text(response)) }
}

t.test('a large body that arrives is answered', async t => {
  const { port, bodyRoom, codes } = await listen(t)
  t.match(await sendLarge(port, t), { status: 200, answer: { response: { allowed: true } } })
  await waitUntilHeld(bodyRoom, 0)
  t.strictSame(codes, ['answered'])
})

t.test('a body with more parts than there may be is refused, and others are answered', async t => {
  const { port, codes } = await listen(t)
  const socket = await openTls(port)
  const body = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  socket.write(headOf(body.length, '10s') + body)
  t.match(await once(socket, 'data').then(String), /^HTTP\/1\.1 413 [\s\S]*"TOO_COMPLEX"[\s\S]*10000 levels/)
  socket.destroy()
  t.equal((await sendLarge(port, t)).status, 200)
  t.strictSame(codes, ['TOO_COMPLEX', 'answered'])
})

t.test('a body is read on the paths of reviews alone', async t => {
  const { port, codes, bodyRoom } = await listen(t)
  const rest = 'HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7000000\r\n\r\n{'
  for (const [request, status] of [
    ['POST /elsewhere', 404],
    ['PUT /mutate', 404],
    ['POST /livez', 404],
    ['GET /readyz', 200],
  ] as const) {
    const socket = await openTls(port)
    socket.write(`${request} ${rest}`)
    t.match(await text(socket), new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*connection: close`, 'i'), request)
  }
  t.equal(bodyRoom.held, 0)
  t.strictSame(codes, [])
})

t.test('whoever is refused before the body has come is not read to its end', async t => {
  const clients = await createAuthority('clients')
  const { port } = await listen(t, { clientCa: clients.certificate })
  const socket = await openTls(port)
  socket.write(`${headOf(7_000_000, '10s')}{`)
  t.match(await text(socket), /^HTTP\/1\.1 401 [\s\S]*connection: close/i)
})

t.test('whoever expects what there is none of is told so, and not read on', async t => {
  const { port } = await listen(t)
  const socket = await openTls(port)
  socket.write(`${headOf(7_000_000, '10s').trimEnd()}\r\nexpect: more\r\n\r\n{`)
  t.match(await text(socket), /^HTTP\/1\.1 400 [\s\S]*connection: close[\s\S]*{"code":"BAD_REQUEST"/i)
})

t.test(
  'at the limit a connection that has sent a valid review stays, and one with any other body does not',
  async t => {
    const { port } = await listen(t, { connections: { maxConnections: 3, maxHandshakes: 3 } })
    const reviewing = keepAlive(t)
    const first = await send(port, reviewing)
    const open = async () => (await openTls(port)).on('error', () => undefined)
    const other = await open()
    other.write(`${headOf(2, '10s')}{}`)
    await once(other, 'data')
    const ended = once(other, 'close')
    other.resume()
    const idle = [await open(), await open()]
    await ended
    idle.push(await open(), await open())
    t.equal((await send(port, reviewing)).localPort, first.localPort)
    for (const socket of idle) socket.destroy()
  },
)
