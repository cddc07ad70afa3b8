import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { buildHealthServer, buildMetricsServer } from '../../src/http/plain-server.ts'

const CHECKS = [{ name: 'cache', ok: true, required: true }]
const TOO_MANY = 2020

const servers: readonly [name: string, path: string, build: () => FastifyInstance][] = [
  ['health', '/livez', () => buildHealthServer({ checks: () => CHECKS })],
  ['metrics', '/metrics', () => buildMetricsServer({ contentType: 'text/plain', metrics: async () => 'ok\n' })],
]

async function listen(test: { teardown(end: () => Promise<void>): void }, server: FastifyInstance): Promise<number> {
  test.teardown(async () => await server.close())
  return Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port)
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function send(port: number, head: string): Promise<string> {
  const socket = await open(port)
  socket.write(`${head}\r\n\r\n`)
  return await text(socket)
}

for (const [name, path, build] of servers) {
  t.test(`${name}: its path is answered, and no other`, async t => {
    const port = await listen(t, build())
    const close = 'HTTP/1.1\r\nHost: a\r\nConnection: close'
    t.match(await send(port, `GET ${path} ${close}`), /^HTTP\/1\.1 200 OK[\s\S]*ok\n$/)
    t.match(await send(port, `GET /validate ${close}`), /^HTTP\/1\.1 404 [\s\S]*"NOT_FOUND"/)
    t.match(await send(port, 'hunter2'), /^HTTP\/1\.1 400 [\s\S]*"BAD_REQUEST"/)
  })

  t.test(`${name}: a body is refused, and ends the connection`, async t => {
    const port = await listen(t, build())
    for (const announced of ['Content-Length: 7000000', 'Transfer-Encoding: chunked']) {
      for (const request of [`GET ${path}`, `POST ${path}`, 'POST /elsewhere']) {
        const answer = await send(port, `${request} HTTP/1.1\r\nHost: a\r\n${announced}`)
        t.match(answer, /^HTTP\/1\.1 400 [\s\S]*connection: close[\s\S]*no body is accepted here/i, request)
      }
    }
    t.match(await send(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close`), /200 OK/)
  })

  t.test(`${name}: a head that is too long is refused`, async t => {
    const port = await listen(t, build())
    const answer = await send(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9000)}`)
    t.match(answer, /^HTTP\/1\.1 400 /)
  })

  t.test(`${name}: idle connections keep nobody out`, async t => {
    const port = await listen(t, build())
    const idle = await Promise.all(Array.from({ length: TOO_MANY }, () => open(port)))
    t.match(await send(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close`), /200 OK/)
    for (const socket of idle) socket.destroy()
  })

  t.test(`${name}: what comes too slowly is ended`, async t => {
    const { server } = build()
    t.equal(server.headersTimeout, 120_000)
    t.equal(server.requestTimeout, 120_000)
    t.equal(server.keepAliveTimeout, 120_000)
    t.equal(server.timeout, 120_000)
  })
}

t.test('scrapes at the same time share one text, and the next has its own', async t => {
  let written = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const metrics = async () => {
    written += 1
    await promise
    return `${written}\n`
  }
  const server = buildMetricsServer({ contentType: 'text/plain', metrics })
  t.teardown(async () => await server.close())
  const both = [server.inject('/metrics'), server.inject('/metrics')]
  while (written === 0) await new Promise(setImmediate)
  await new Promise(setImmediate)
  resolve()
  t.strictSame(
    (await Promise.all(both)).map(({ body }) => body),
    ['1\n', '1\n'],
  )
  t.equal((await server.inject('/metrics')).body, '2\n')
})
