import { constants } from 'node:crypto'
import type { Server } from 'node:https'
import type { Duplex } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { DEFAULT_TLS_PROTOCOL, type TlsProtocol } from '../runtime/tls-protocol.ts'
import { type Admission, admissionRoutes, MAX_BODY_BYTES } from './admission.ts'
import { announcedLength, readBody } from './body.ts'
import type { Drain } from './drain.ts'
import { HttpError, toHttpError } from './errors.ts'
import { type Health, healthRoutes } from './health.ts'
import { NO_PREFIX, stageAt } from './path-prefixes.ts'

/** Open connections: more than all API servers of a cluster open. */
const MAX_CONNECTIONS = 2000
/** Time for a TLS handshake, and for the head of a request to arrive. */
const HEAD_TIMEOUT_MS = 10_000
/** Time for a whole request to arrive. */
const REQUEST_TIMEOUT_MS = 30_000
/** How often late requests are looked for. */
const TIMEOUT_CHECK_INTERVAL_MS = 5000
/** How long an idle connection is kept: longer than the 90 s of a Go client. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000

/** Who the server is, and whom it knows; all PEM. */
export interface Credentials {
  readonly pair: { readonly cert: string; readonly key: string }
  /** Authorities of which whoever sends a review has to show a certificate; without it anybody may. */
  readonly clientCa?: string
  readonly protocol?: TlsProtocol
}

/** What the server is built from; it listens nowhere until its owner says so. */
export interface ServerOptions extends Admission, Health, Credentials {
  readonly drain: Drain
}

/**
 * Builds the HTTPS server with its four paths.
 *
 * Kept-alive connections outlast the 90 s of a Go client, so that it is never the server who closes one under a request.
 * A client without a certificate is let in, since the kubelet has none for its probes; reviews are then refused.
 */
export function buildServer(options: ServerOptions): FastifyInstance<Server> {
  const { clientCa, drain, pathPrefixes = () => NO_PREFIX } = options
  const clients = clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: false }
  const server = Fastify({
    https: {
      ...secureContext(options),
      ...clients,
      handshakeTimeout: HEAD_TIMEOUT_MS,
      headersTimeout: HEAD_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    logger: false,
    return503OnClosing: false,
    rewriteUrl: ({ url = '/' }) => pathPrefixes().route(url),
    frameworkErrors: (error, _request, reply) => void answerError(error, reply),
    clientErrorHandler: answerBytes,
  })
  server.server.maxConnections = MAX_CONNECTIONS
  // Bytes in: only the review decoder knows what a body means, and it reads no key of it as a prototype.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', ({ headers, ticket }, stream, done) =>
    readBody(stream, { announced: announcedLength(headers), maxBytes: MAX_BODY_BYTES, ticket }, done),
  )
  server.setErrorHandler((error, _request, reply) => answerError(error, reply))
  // Before anything of a body is read.
  server.addHook('onRequest', (request, _reply, done) => done(request.is404 ? refusePath(request, options) : undefined))
  drain.attach(server)
  admissionRoutes(server, options)
  healthRoutes(server, options)
  return server
}

/**
 * Serves other credentials to connections that begin from now on; those that are open keep what they have seen. Whether
 * clients have to show a certificate stays as it was built.
 */
export function replaceCredentials(
  { server }: Pick<FastifyInstance<Server>, 'server'>,
  credentials: Credentials,
): void {
  server.setSecureContext(secureContext(credentials))
}

/**
 * Where clients show certificates no session is taken up again: it would bring one along that nobody looks at any more.
 * Nobody needs to negotiate anew on a connection, which Node would let clients do.
 */
function secureContext({ pair, clientCa, protocol = DEFAULT_TLS_PROTOCOL }: Credentials) {
  const { SSL_OP_NO_RENEGOTIATION, SSL_OP_NO_TICKET } = constants
  const clients = clientCa === undefined ? {} : { ca: clientCa }
  const secureOptions = SSL_OP_NO_RENEGOTIATION | (clientCa === undefined ? 0 : SSL_OP_NO_TICKET)
  return { ...pair, ...clients, ...protocol, secureOptions } as const
}

/** What is wrong with a path at which nothing is. Of one that asks for a review who observes errors is told, but not the path. */
function refusePath({ method, originalUrl }: FastifyRequest, { observer }: ServerOptions): HttpError {
  const asked = method === 'POST' ? stageAt(originalUrl) : undefined
  if (asked === undefined) return new HttpError('NOT_FOUND')
  const error = new HttpError('WRONG_PATH')
  observer.failed(asked.stage, error.code, error)
  return error
}

function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  const coded = toHttpError(error)
  return reply.code(coded.statusCode).send(coded.toJSON())
}

/** Answers what is no HTTP, or did not arrive whole: there is no request that a reply could belong to. */
function answerBytes({ code }: { readonly code?: string }, socket: Duplex): void {
  const slow = code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const error = new HttpError(slow ? 'TOO_SLOW' : 'BAD_REQUEST')
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
