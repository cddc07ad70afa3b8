import type { Duplex } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { type Admission, admissionRoutes } from './admission.ts'
import type { Drain } from './drain.ts'
import { DoorError, toDoorError } from './errors.ts'
import { type Health, healthRoutes } from './health.ts'

/** As large as any object that etcd takes, old and new, with what JSON adds; what others in the field allow. */
const BODY_LIMIT = 7 * 1024 * 1024

/** What the server is built from; it listens nowhere until its owner says so. */
export interface ServerOptions extends Admission, Health {
  /** PEM. */
  readonly pair: { readonly cert: string; readonly key: string }
  readonly drain: Drain
}

/**
 * Builds the HTTPS server with its four paths.
 *
 * Kept-alive connections outlast the 90 s of a Go client, so that it is never the server who closes one under a request.
 * A client without a certificate is let in, since the kubelet has none for its probes; reviews are then refused.
 */
export function buildServer(options: ServerOptions): FastifyInstance {
  const { pair, clientCa, drain } = options
  const clients = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false }
  const server = Fastify({
    https: { ...pair, ...clients, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 },
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: 120_000,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    logger: false,
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => void answerError(error, reply),
    clientErrorHandler: answerBytes,
  })
  // Bytes in: only the review decoder knows what a body means, and it reads no key of it as a prototype.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  server.setErrorHandler((error, _request, reply) => answerError(error, reply))
  server.setNotFoundHandler((_request, reply) => answerError(new DoorError('NOT_FOUND'), reply))
  drain.attach(server)
  admissionRoutes(server, options)
  healthRoutes(server, options)
  return server
}

function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  const coded = toDoorError(error)
  return reply.code(coded.statusCode).send(coded.toJSON())
}

/** Answers what is no HTTP, or did not arrive whole: there is no request that a reply could belong to. */
function answerBytes({ code }: { readonly code?: string }, socket: Duplex): void {
  const slow = code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const error = new DoorError(slow ? 'TOO_SLOW' : 'BAD_REQUEST')
  const body = JSON.stringify(error)
  const head = [
    `HTTP/1.1 ${error.statusCode} ${slow ? 'Request Timeout' : 'Bad Request'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy()
}
