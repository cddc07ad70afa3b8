import type { FastifyInstance } from 'fastify'

/** One condition of being ready, or one thing worth knowing. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** Whether a replica that fails it gets no more reviews; the others only show in `?verbose`. */
  readonly required: boolean
  readonly detail?: string
}

export interface Health {
  readonly checks: () => readonly Check[]
}

/** Adds `GET /livez` (the event loop turns) and `GET /readyz`, with a line for each check under `?verbose`. */
export function healthRoutes(server: FastifyInstance, { checks }: Health): void {
  server.get('/livez', async (_request, reply) => reply.type('text/plain').send('ok\n'))
  server.get<{ Querystring: Record<string, unknown> }>('/readyz', async (request, reply) => {
    const all = checks()
    const ready = all.every(({ ok, required }) => ok || !required)
    const lines = all.map(({ name, ok, detail }) => `[${ok ? '+' : '-'}]${name} ${detail ?? (ok ? 'ok' : 'failed')}`)
    const verbose = 'verbose' in request.query || !ready
    const text = [...(verbose ? lines : []), ready ? 'ok' : 'not ready'].join('\n')
    return await reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(`${text}\n`)
  })
}
