import { constants } from 'node:crypto'
import type { Server } from 'node:https'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { DEFAULT_TLS_PROTOCOL, type TlsProtocol } from '../runtime/tls-protocol.ts'
import { type Admission, admissionRoutes, MAX_BODY_BYTES } from './admission.ts'
import { announcedLength, readBody } from './body.ts'
import { type ClosedKind, type ConnectionLimits, Connections } from './connections.ts'
import type { Drain } from './drain.ts'
import { HttpError } from './errors.ts'
import { type Health, healthRoutes } from './health.ts'
import { answerCoded, LISTENER_OPTIONS, NODE_OPTIONS } from './listener.ts'
import { NO_PREFIX, stageAt } from './path-prefixes.ts'

/** Open connections: more than all API servers of a cluster open. */
const MAX_CONNECTIONS = 1000
/** Connections whose TLS handshake is not done. */
const MAX_HANDSHAKES = 250
/** Time for a TLS handshake. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Who the server is, and whom it knows; all PEM. */
export interface Credentials {
  readonly pair: { readonly cert: string; readonly key: string }
  /** Authorities of which whoever sends a review has to show a certificate; without it anybody may. */
  readonly clientCa?: string
  readonly protocol?: TlsProtocol
}

/** What the server is built from; it listens nowhere until its owner says so. */
export interface ServerOptions extends Omit<Admission, 'noteReview'>, Health, Credentials {
  readonly drain: Drain
  readonly connections?: ConnectionLimits
  /** Told of each connection that is closed to make room. */
  readonly noteClosed?: (kind: ClosedKind) => void
}

/**
 * Builds the HTTPS server with its four paths.
 *
 * A client without a certificate is let in, since who looks at its health has none; reviews are then refused.
 */
export function buildServer(options: ServerOptions): FastifyInstance<Server> {
  const { clientCa, drain, pathPrefixes = () => NO_PREFIX } = options
  const clients = clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: false }
  const server = Fastify({
    ...LISTENER_OPTIONS,
    https: { ...secureContext(options), ...clients, ...NODE_OPTIONS, handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => pathPrefixes().route(url),
  })
  const connections = new Connections(
    options.connections ?? { maxConnections: MAX_CONNECTIONS, maxHandshakes: MAX_HANDSHAKES },
    options.noteClosed,
  )
  connections.attach(server)
  // Bytes in: only the review decoder knows what a body means, and it reads no key of it as a prototype.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', ({ headers, ticket }, stream, done) =>
    readBody(stream, { announced: announcedLength(headers), maxBytes: MAX_BODY_BYTES, ticket }, done),
  )
  answerCoded(server)
  // Before anything of a body is read.
  server.addHook('onRequest', (request, _reply, done) => done(request.is404 ? refusePath(request, options) : undefined))
  drain.attach(server)
  admissionRoutes(server, { ...options, noteReview: socket => connections.noteReview(socket) })
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
