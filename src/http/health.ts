import type { FastifyInstance } from 'fastify'
import { visible } from '../runtime/visible.ts'

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

/** What readiness depends on, asked anew each time. */
export interface ReadinessSources {
  readonly resources: () => readonly {
    readonly name: string
    readonly synced: boolean
    readonly objects: number
    readonly stalenessSeconds: number
  }[]
  /** Whether the certificate that is served is still valid. */
  readonly certificateOk: () => boolean
  /** Whether renewal of the certificate works. */
  readonly pairSource: () => { readonly ok: boolean; readonly detail: string }
  readonly shuttingDown: () => boolean
}

/** Silence after which a resource is stale: a bookmark comes every minute, and a watch begins anew after 150 s. */
const STALE_AFTER_SECONDS = 180

/**
 * Ready means: the cache has been synced once, the certificate is valid, and we are not shutting down. A cache that falls
 * behind later is shown and takes no replica out, for all would leave at once.
 */
export function readiness({ resources, certificateOk, pairSource, shuttingDown }: ReadinessSources): Health['checks'] {
  let wasSynced = false
  return () => {
    const all = resources()
    const ending = shuttingDown()
    wasSynced ||= all.every(({ synced }) => synced)
    return [
      { name: 'cache', ok: wasSynced, required: true, detail: wasSynced ? 'synced' : 'not synced yet' },
      ...all.map(({ name, synced, objects, stalenessSeconds }) => ({
        name: `cache/${name}`,
        ok: synced && stalenessSeconds < STALE_AFTER_SECONDS,
        required: false,
        detail: `${objects} objects, last event ${Math.round(stalenessSeconds)} s ago`,
      })),
      { name: 'certificate', ok: certificateOk(), required: true },
      { name: 'certificate/source', required: false, ...pairSource() },
      { name: 'shutdown', ok: !ending, required: true, detail: ending ? 'shutting down' : 'ok' },
    ]
  }
}

/** Adds `GET /livez` (the event loop turns) and `GET /readyz`, with a line for each check under `?verbose`. */
export function healthRoutes(server: FastifyInstance, { checks }: Health): void {
  server.get('/livez', async (_request, reply) => reply.type('text/plain').send('ok\n'))
  server.get<{ Querystring: Record<string, unknown> }>('/readyz', async (request, reply) => {
    const all = checks()
    const ready = all.every(({ ok, required }) => ok || !required)
    // A detail may quote the API server, or a file.
    const lines = all.map(({ name, ok, detail }) =>
      visible(`[${ok ? '+' : '-'}]${name} ${detail ?? (ok ? 'ok' : 'failed')}`),
    )
    const verbose = 'verbose' in request.query || !ready
    const text = [...(verbose ? lines : []), ready ? 'ok' : 'not ready'].join('\n')
    return await reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(`${text}\n`)
  })
}
