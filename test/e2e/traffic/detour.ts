import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A way to the API server on which its answers can be held back, as they are where it or a network is slow. */
export interface Detour {
  /** `https://127.0.0.1:PORT` */
  readonly server: string
  /**
   * From now on holds back by so many milliseconds what comes on the connections that were open when this was called first.
   * Of a client that had settled by then these are the watches: it asks for all else on other connections.
   */
  holdBack(milliseconds: number): void
  close(): void
}

/** @param server the API server, as `https://127.0.0.1:PORT` */
export async function startDetour(server: string): Promise<Detour> {
  const open = new Set<Socket>()
  const watches = new Set<Socket>()
  let lag = 0
  const way = createServer(near => {
    const far = connect(Number(new URL(server).port), '127.0.0.1')
    open.add(near)
    near.pipe(far)
    // Each piece waits for itself and for those before it.
    let passed: Promise<unknown> = Promise.resolve()
    const pass = (then: () => void) => {
      passed = Promise.all([passed, delay(watches.has(near) ? lag : 0)]).then(then)
    }
    far.on('data', piece => pass(() => near.write(piece)))
    far.on('end', () => pass(() => near.end()))
    near.on('close', () => {
      open.delete(near)
      far.destroy()
    })
    // Either end may go at any time; the other one then hears of it.
    far.on('error', () => near.destroy())
    near.on('error', () => far.destroy())
  })
  await once(way.listen(0, '127.0.0.1'), 'listening')
  const { port } = way.address() as AddressInfo
  return {
    server: `https://127.0.0.1:${port}`,
    holdBack(milliseconds) {
      if (watches.size === 0) for (const near of open) watches.add(near)
      lag = milliseconds
    },
    close() {
      way.close()
      for (const near of open) near.destroy()
    },
  }
}
