import { once } from 'node:events'
import { createServer } from 'node:net'

const FIRST = 20_000
const LAST = 32_000

/**
 * Makes a function that finds free TCP ports on 127.0.0.1, a new one each time. They lie below those that systems give to
 * outgoing connections, so a port stays free while the server that had it is being restarted.
 */
export function createPortFinder(random: () => number = Math.random): () => Promise<number> {
  const given = new Set<number>()
  return async () => {
    for (;;) {
      const port = FIRST + Math.floor(random() * (LAST - FIRST))
      if (!given.has(port) && (await isFree(port))) {
        given.add(port)
        return port
      }
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
