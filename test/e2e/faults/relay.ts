import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Passes connections on, and can cut them. */
export interface Relay {
  readonly port: number
  /** Breaks every connection that goes through it; new ones go through. */
  cut(): void
  close(): void
}

/**
 * Starts a relay on a free port of 127.0.0.1.
 *
 * @param next the port that a new connection goes to; undefined turns it away
 */
export async function startRelay(next: () => number | undefined): Promise<Relay> {
  const open = new Set<Socket>()
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => open.delete(socket))
  }
  const server = createServer(incoming => {
    const target = next()
    if (target === undefined) {
      incoming.destroy()
      return
    }
    const outgoing = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      keep(from)
      from.on('error', () => to.destroy())
      from.once('close', () => to.destroy())
      from.pipe(to)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close() {
      server.close()
      cut()
    },
  }
}
