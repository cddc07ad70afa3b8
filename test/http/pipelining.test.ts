import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import { limitPipelining } from '../../src/http/pipelining.ts'
import { createAuthority } from '../tls/pki.ts'

const authority = await createAuthority('test')
const { certificate: cert, key } = await authority.issueServer(['localhost'])
const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

for (const hasTls of [true, false]) {
  t.test(`whoever waits for no answer is let go, ${hasTls ? 'with' : 'without'} TLS`, async t => {
    const server: FastifyInstance = hasTls ? Fastify({ https: { cert, key } }) : Fastify()
    const waiting: (() => void)[] = []
    let destroyed = 0
    limitPipelining(server, () => {
      destroyed += 1
    })
    server.get('/', async () => {
      const { promise, resolve } = Promise.withResolvers<string>()
      waiting.push(() => resolve('ok'))
      return await promise
    })
    const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
    t.teardown(() => server.close())
    const open = async (): Promise<Socket> => {
      const address = { host: '127.0.0.1', port: Number(port), ca: authority.certificate }
      const socket = hasTls ? connectTls(address) : connectTcp(address)
      await once(socket, hasTls ? 'secureConnect' : 'connect')
      t.teardown(() => socket.destroy())
      return socket.on('error', () => undefined)
    }
    const hasty = await open()
    hasty.write(REQUEST.repeat(8))
    while (waiting.length < 8) await new Promise(setImmediate)
    t.equal(destroyed, 0, 'eight are taken at once')

    let requests = 0
    server.server.on('request', () => {
      requests += 1
    })
    const limit = Error.stackTraceLimit
    const greedy = await open()
    greedy.write(REQUEST.repeat(300))
    if (!greedy.closed) await once(greedy.resume(), 'close')
    t.equal(destroyed, 1)
    t.ok(waiting.length <= 16, `${waiting.length} were looked at`)
    t.equal(requests, 9, 'nothing is made of those behind the ninth')
    t.equal(Error.stackTraceLimit, limit)

    for (const answer of waiting.splice(0)) answer()
    await once(hasty, 'data')
    hasty.write(REQUEST.repeat(8))
    while (waiting.length < 8) await new Promise(setImmediate)
    for (const answer of waiting) answer()
    t.equal(destroyed, 1, 'and eight again')
  })
}
