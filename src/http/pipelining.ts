import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Requests of a connection that are not answered. API servers, kubelets and Prometheus send the next when the answer has come;
 * who does not wait has as many answered as fit into a packet, before anybody else's request is seen.
 */
const MAX_PIPELINED_REQUESTS = 8

/**
 * Destroys each connection that has more. What came in one packet with a request too many is not looked at.
 *
 * @param noteDestroyed is told of each
 */
export function limitPipelining(fastify: FastifyInstance, noteDestroyed: (socket: Socket) => void): void {
  const unanswered = new WeakMap<Socket, { count: number }>()
  fastify.server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const requests = unanswered.get(socket) ?? { count: 0 }
    unanswered.set(socket, requests)
    requests.count += 1
    response.once('close', () => {
      requests.count -= 1
    })
    if (requests.count <= MAX_PIPELINED_REQUESTS || socket.destroyed) return
    skipRest(socket)
    destroyCheaply(socket)
    noteDestroyed(socket)
  })
  fastify.addHook('onRequest', ({ socket }, reply, done) => {
    if (socket.destroyed) reply.hijack()
    else done()
  })
}

/**
 * Node makes objects of all requests of a packet, also when their connection is gone: of 1,500 that takes 27 ms, and 1 ms without them. How
 * to stop it is not documented, so nothing else rests on it.
 */
function skipRest(socket: Socket): void {
  // As for an upgrade: what follows is not HTTP.
  Reflect.set(Object(Reflect.get(socket, 'parser')), 'onIncoming', () => 2)
}

/** Node makes two errors of each request that is open then: for a thousand it would take a tenth of a second to write their stacks. */
function destroyCheaply(socket: Socket): void {
  const { stackTraceLimit } = Error
  socket.prependOnceListener('close', () => {
    Error.stackTraceLimit = 0
  })
  socket.once('close', () => {
    Error.stackTraceLimit = stackTraceLimit
  })
  socket.destroy()
}
