import { Pool } from 'undici'
import type { PinnedServer } from './server.ts'

/** One round against one server. */
export interface Round {
  /** Microseconds of the server's CPU for each review. */
  readonly cpu: number
  /** Reviews answered in a second; what the client can send limits it too. */
  readonly rate: number
}

/** Kept-alive connections, as many as kube-apiserver opens under load. */
const CONNECTIONS = 16

/** Opens the connections to a server that all its rounds go over. */
export function openPool(server: PinnedServer, ca: string): Pool {
  return new Pool(server.url, { connections: CONNECTIONS, allowH2: false, connect: { ca } })
}

/** When a round ends: after so many seconds, or so many reviews. */
type Length = { readonly seconds: number } | { readonly reviews: number }

/**
 * Sends the same reviews in turn, over and over, and checks that every answer allows it.
 *
 * The client never sleeps: to wake one up costs the server that answers it, and the slower of two servers more often.
 */
export async function runRound(
  server: PinnedServer,
  pool: Pool,
  path: string,
  bodies: readonly string[],
  length: Length,
): Promise<Round> {
  const startCpu = server.cpu()
  const start = performance.now()
  let reviews = 0
  let sent = 0
  const goesOn = () =>
    'reviews' in length ? reviews < length.reviews : performance.now() - start < length.seconds * 1000
  const client = async () => {
    while (goesOn()) {
      const answer = await pool.request({
        method: 'POST',
        path: `${path}?timeout=10s`,
        headers: { 'content-type': 'application/json' },
        body: bodies[sent++ % bodies.length] ?? '',
      })
      const text = await answer.body.text()
      if (!text.includes('"allowed":true'))
        throw new Error(`${server.url}${path} answered ${answer.statusCode}: ${text}`)
      reviews += 1
    }
  }
  let awake = true
  const stayAwake = () => {
    if (awake) setImmediate(stayAwake)
  }
  stayAwake()
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, client))
  } finally {
    awake = false
  }
  const elapsed = (performance.now() - start) / 1000
  return { cpu: (server.cpu() - startCpu) / 1000 / reviews, rate: reviews / elapsed }
}
