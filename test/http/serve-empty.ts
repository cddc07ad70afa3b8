import { once } from 'node:events'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { BodyRoom } from '../../src/http/body-room.ts'
import { Decoder } from '../../src/http/decoder.ts'
import { Drain } from '../../src/http/drain.ts'
import { buildServer, type ServerOptions } from '../../src/http/server.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { FairSemaphore } from '../../src/runtime/fair-semaphore.ts'
import { createAuthority } from '../tls/pki.ts'

const authority = await createAuthority('test')
const credential = await authority.issueServer(['localhost'])

/** A server over an empty cluster, who listens on a port; `codes` gets the code of each error and `answered`. */
export async function serveEmpty(
  test: { teardown(end: () => Promise<void>): void },
  options: Partial<ServerOptions> = {},
): Promise<{ readonly port: number; readonly codes: string[] }> {
  const view = new ManifestView([])
  const drain = new Drain()
  const codes: string[] = []
  const server = buildServer({
    pair: { cert: credential.certificate, key: credential.key },
    drain,
    context: () => ({ view, live: view, rulebook: prepareRulebook(defaultSettings), now: Date.now }),
    decoder: new Decoder(),
    eventLoopDelay: () => 0,
    reviews: new FairSemaphore(4),
    bodyRoom: new BodyRoom({ small: 2 ** 23, large: 2 ** 23 }),
    checks: () => [],
    observer: {
      answered: () => codes.push('answered'),
      failed: (_stage, code, error) => codes.push(`${code} ${error.message}`),
    },
    ...options,
  })
  const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
  test.teardown(() => drain.close(server, 0))
  return { port: Number(port), codes }
}

/** Opens a connection to it. */
export async function openTo(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.certificate, ...options })
  await once(socket, 'secureConnect')
  return socket
}
