import Fastify, { type FastifyInstance } from 'fastify'
import { type ClosedKind, Connections } from './connections.ts'
import { HttpError } from './errors.ts'
import { type Health, healthRoutes } from './health.ts'
import { answerCoded, hasBody, LISTENER_OPTIONS, NODE_OPTIONS } from './listener.ts'

/** Open connections of each plain listener: so many that one which has just been opened comes to its request in any flood. */
const MAX_PLAIN_CONNECTIONS = 2000

interface PlainServer {
  /** Told of each connection that is closed to make room. */
  readonly noteClosed?: (kind: ClosedKind) => void
}

/** Where the text of a scrape comes from. */
interface Scraped extends PlainServer {
  readonly contentType: string
  metrics(): Promise<string>
}

/** Builds the plain HTTP server for `GET /metrics`, apart from the reviews: a scrape must not need their certificate. */
export function buildMetricsServer(scraped: Scraped): FastifyInstance {
  const server = buildPlainServer(scraped)
  let underWay: Promise<string> | undefined
  // Scrapes at the same time share one text: to write it takes longer than to send it.
  const write = () => {
    underWay ??= scraped.metrics().finally(() => {
      underWay = undefined
    })
    return underWay
  }
  server.get('/metrics', async (_request, reply) => reply.type(scraped.contentType).send(await write()))
  return server
}

/**
 * Builds the plain HTTP server for `GET /livez` and `GET /readyz` alone: probes need no handshake and no room among the
 * reviews, so no flood of these makes a kubelet restart a process that works.
 */
export function buildHealthServer(health: Health & PlainServer): FastifyInstance {
  const server = buildPlainServer(health)
  healthRoutes(server, health)
  return server
}

/** As limited as the port for reviews, and nothing that comes with a body is read. */
function buildPlainServer({ noteClosed }: PlainServer): FastifyInstance {
  const server = Fastify({ ...LISTENER_OPTIONS, http: NODE_OPTIONS, forceCloseConnections: true })
  const limits = { maxConnections: MAX_PLAIN_CONNECTIONS, maxHandshakes: MAX_PLAIN_CONNECTIONS }
  new Connections(limits, noteClosed).attach(server)
  server.removeAllContentTypeParsers()
  server.addHook('onRequest', ({ raw }, _reply, done) =>
    done(hasBody(raw.headers) ? new HttpError('BAD_REQUEST', 'no body is accepted here') : undefined),
  )
  answerCoded(server)
  return server
}
