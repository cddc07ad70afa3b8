import type { SecureContextOptions } from 'node:tls'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Admission, admissionRoutes } from './admission.ts'
import { DoorError, toDoorError } from './errors.ts'
import { type Health, healthRoutes } from './health.ts'

/** As large as any object that etcd takes, old and new, with what JSON adds; what others in the field allow. */
const BODY_LIMIT = 7 * 1024 * 1024

/** What the server is built from; it listens nowhere until its owner says so. */
export interface ServerOptions extends Admission, Health {
  readonly tls: Pick<SecureContextOptions, 'key' | 'cert' | 'ca'> & { readonly requestCert?: boolean }
}

/**
 * Builds the HTTPS server with its four paths.
 *
 * Kept-alive connections outlast the 90 s of a Go client, so that it is never the server who closes one under a request.
 */
export function buildServer(options: ServerOptions): FastifyInstance {
  const server = Fastify({
    https: { ...options.tls, minVersion: 'TLSv1.2' },
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: 120_000,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    logger: false,
    return503OnClosing: false,
  })
  // Bytes in: only the review decoder knows what a body means, and it reads no key of it as a prototype.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  server.setErrorHandler(async (error, _request, reply) => {
    const { statusCode, code, message } = toDoorError(error)
    await reply.code(statusCode).send({ code, message })
  })
  server.setNotFoundHandler(async (_request, reply) => {
    const { statusCode, code, message } = new DoorError('NOT_FOUND')
    await reply.code(statusCode).send({ code, message })
  })
  admissionRoutes(server, options)
  healthRoutes(server, options)
  return server
}
