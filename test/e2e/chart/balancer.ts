import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'

/** Stands for a Service: hands each connection to one of its endpoints, in turn. */
export interface Balancer {
  readonly port: number
  close(): Promise<void>
}

/** @param endpoints the addresses of the Pods that are ready at that moment */
export async function startBalancer(endpoints: () => readonly string[], targetPort: number): Promise<Balancer> {
  let turn = 0
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const ready = endpoints()
    const host = ready[turn++ % ready.length]
    if (host === undefined) {
      client.destroy()
      return
    }
    const pod = connect(targetPort, host)
    for (const socket of [client, pod]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    const ignore = () => {}
    pipeline(client, pod, ignore)
    pipeline(pod, client, ignore)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
