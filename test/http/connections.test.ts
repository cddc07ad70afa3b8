import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect } from 'node:tls'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import { type ClosedKind, type ConnectionLimits, Connections } from '../../src/http/connections.ts'
import { createAuthority } from '../tls/pki.ts'

const authority = await createAuthority('test')
const { certificate: cert, key } = await authority.issueServer(['localhost'])

interface Listening {
  readonly connections: Connections
  /** Opens one, and is through with its handshake where there is one. */
  open(): Promise<Socket>
  /** One whose handshake never begins. */
  openSilent(): Promise<Socket>
  /** What `/wait` has been asked, to be answered. */
  readonly waiting: (() => void)[]
  /** What has been closed to make room. */
  readonly made: ClosedKind[]
}

/**
 * A server over TLS or without, with `/` that is answered at once, `/review` on which a valid review comes, and `/wait` which is
 * answered when the test says so.
 */
async function listen(
  test: { teardown(end: () => Promise<void>): void },
  limits: ConnectionLimits,
  hasTls = true,
): Promise<Listening> {
  const made: ClosedKind[] = []
  const connections = new Connections(limits, kind => made.push(kind))
  const server: FastifyInstance = hasTls ? Fastify({ https: { cert, key } }) : Fastify()
  const waiting: (() => void)[] = []
  connections.attach(server)
  server.post('/', async () => 'ok')
  server.post('/review', async request => {
    connections.noteReview(request.socket)
    return 'ok'
  })
  server.post('/wait', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    waiting.push(() => resolve('ok'))
    return await promise
  })
  const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
  const sockets: Socket[] = []
  test.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await server.close()
  })
  const known = <S extends Socket>(socket: S) => {
    socket.on('error', () => undefined)
    sockets.push(socket)
    return socket
  }
  const openSilent = async () => {
    const socket = known(connectTcp(Number(port), '127.0.0.1'))
    await once(socket, 'connect')
    return socket
  }
  const open = async () => {
    if (!hasTls) return await openSilent()
    const socket = known(connect({ host: '127.0.0.1', port: Number(port), ca: authority.certificate }))
    await once(socket, 'secureConnect')
    return socket
  }
  return { connections, open, openSilent, waiting, made }
}

function ask(socket: Socket, path: string, body = '{}', length = body.length): void {
  socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`)
  socket.write(`Content-Length: ${length}\r\n\r\n${body}`)
}

/** Sends a request and waits until it is answered. */
async function answered(socket: Socket, path: string): Promise<void> {
  ask(socket, path)
  const [answer] = await once(socket, 'data')
  if (!String(answer).startsWith('HTTP/1.1 200 ')) throw new Error(`answered ${answer}`)
}

async function closed(socket: Socket): Promise<void> {
  socket.resume()
  if (!socket.closed) await once(socket, 'close')
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}

const THREE = { maxConnections: 3, maxHandshakes: 3 }

for (const hasTls of [true, false]) {
  t.test(`a new connection takes the place of the longest idle, ${hasTls ? 'with' : 'without'} TLS`, async t => {
    const { connections, open, made } = await listen(t, THREE, hasTls)
    const [first, second, third] = [await open(), await open(), await open()]
    await answered(first, '/')
    const fourth = await open()
    await closed(second)
    await answered(third, '/')
    await answered(fourth, '/')
    const fifth = await open()
    await closed(first)
    await answered(fifth, '/')
    t.equal(connections.open, 3)
    t.strictSame(made, ['unproven', 'unproven'])
  })
}

t.test('one that has sent a valid review is closed last', async t => {
  const { open } = await listen(t, THREE)
  const reviewing = await open()
  await answered(reviewing, '/review')
  await answered(reviewing, '/review')
  for (let i = 0; i < 10; i += 1) await answered(await open(), '/')
  await answered(reviewing, '/')
})

t.test('of those that have all sent one, the longest idle is closed', async t => {
  const { open, made } = await listen(t, THREE)
  const [first, second, third] = [await open(), await open(), await open()]
  for (const socket of [first, second, third, first]) await answered(socket, '/review')
  await open()
  await closed(second)
  await answered(first, '/')
  await answered(third, '/')
  t.strictSame(made, ['proven'])
})

t.test('one that is being answered is never closed: where all are, the new one is', async t => {
  const { connections, open, openSilent, waiting, made } = await listen(t, THREE)
  const asking = [await open(), await open(), await open()]
  for (const socket of asking) ask(socket, '/wait')
  await until(() => waiting.length === 3)
  await closed(await openSilent())
  t.equal(connections.open, 3)
  t.strictSame(made, ['new'])
  for (const answer of waiting) answer()
  for (const socket of asking) await once(socket, 'data')
  await answered(await open(), '/')
  t.equal(connections.open, 3)
})

t.test('several requests at once on a connection: it is idle after the last answer', async t => {
  const { open, openSilent, waiting } = await listen(t, { ...THREE, maxConnections: 1 })
  const asking = await open()
  ask(asking, '/wait')
  ask(asking, '/wait')
  await until(() => waiting.length === 2)
  waiting[0]?.()
  await once(asking, 'data')
  await closed(await openSilent())
  waiting[1]?.()
  await once(asking, 'data')
  await open()
  await closed(asking)
})

t.test('one whose request does not come whole is not being answered', async t => {
  const { open } = await listen(t, THREE)
  const slow = await open()
  ask(slow, '/wait', '{', 1000)
  await answered(await open(), '/')
  await answered(await open(), '/')
  await open()
  await closed(slow)
})

t.test('one that is gone before its answer leaves nothing behind', async t => {
  const { connections, open, waiting } = await listen(t, THREE)
  const asking = await open()
  ask(asking, '/wait')
  await until(() => waiting.length === 1)
  asking.destroy()
  await until(() => connections.open === 0)
  waiting[0]?.()
  for (let i = 0; i < 4; i += 1) await answered(await open(), '/')
  t.equal(connections.open, 3)
})

t.test('handshakes that are not done take nothing from those that are', async t => {
  const { connections, open, openSilent, made } = await listen(t, { maxConnections: 100, maxHandshakes: 2 })
  const done = [await open(), await open()]
  const silent = [await openSilent(), await openSilent(), await openSilent(), await openSilent()]
  for (const socket of silent.slice(0, 2)) await closed(socket)
  for (const socket of done) await answered(socket, '/')
  await answered(await open(), '/')
  await closed(silent[2] as Socket)
  t.equal(connections.open, 4)
  t.strictSame(made, ['handshake', 'handshake', 'handshake'])
})

t.test('2,500 that say nothing keep nobody out', async t => {
  // The numbers are small; the attack of this name has the real ones.
  const { open, openSilent } = await listen(t, { maxConnections: 8, maxHandshakes: 4 })
  const reviewing = await open()
  await answered(reviewing, '/review')
  for (let i = 0; i < 50; i += 1) await (i % 2 === 0 ? open() : openSilent())
  await answered(reviewing, '/review')
  await answered(await open(), '/')
})

t.test('one that waits for no answer is closed, and leaves room', async t => {
  const { connections, open, made } = await listen(t, THREE)
  const greedy = await open()
  greedy.write('POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'.repeat(200))
  await closed(greedy)
  t.strictSame(made, ['pipelined'])
  t.equal(connections.open, 0)
})
