import Fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** Builds the plain HTTP server for `GET /metrics`, apart from the reviews: a scrape must not need their certificate. */
export function buildMetricsServer(registry: Registry): FastifyInstance {
  const server = Fastify({ logger: false, forceCloseConnections: true })
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  return server
}
