import { once } from 'node:events'
import { createConnection, createServer, type ListenOptions, type NetConnectOpts } from 'node:net'
import { pipeline } from 'node:stream'

/**
 * Hands every connection on, until this process ends. A socket in the file system is reached from all network namespaces: two
 * passages by way of one lead into another.
 */
export async function openPassage(from: ListenOptions, to: NetConnectOpts): Promise<void> {
  const server = createServer(incoming => {
    const outgoing = createConnection(to)
    const ignore = () => {}
    pipeline(incoming, outgoing, ignore)
    pipeline(outgoing, incoming, ignore)
  })
  server.listen(from)
  await once(server, 'listening')
  server.unref()
}
