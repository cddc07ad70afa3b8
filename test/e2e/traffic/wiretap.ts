import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, Agent as HttpsAgent, request as requestOver } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { createAuthority } from '../../tls/pki.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { base64 } from '../control-plane/kubeconfig.ts'

/** A request, and what came back so far. */
interface Tapped {
  readonly path: string
  readonly accept: string
  readonly received: Buffer
}

/** Something in the middle that hears every byte between one user and the API server. */
export interface Wiretap {
  /** A kubeconfig of the same user, by way of the wiretap. */
  readonly kubeconfig: string
  tapped(): readonly Tapped[]
  /** From now on the paths for which this is true get no answer. */
  silence(isSilent: (path: string) => boolean): void
  stop(): Promise<void>
}

/** Starts a wiretap that ends TLS on both sides and is the user of this kubeconfig to the API server. */
export async function startWiretap(controlPlane: ControlPlane, kubeconfig: string): Promise<Wiretap> {
  const access = parse(await readFile(kubeconfig, 'utf8'))
  const [{ cluster }] = access.clusters
  const [{ user }] = access.users
  const decode = (text: string | undefined) => text && Buffer.from(text, 'base64').toString()
  const ca = decode(cluster['certificate-authority-data'])
  // A token comes with each request instead.
  const cert = decode(user['client-certificate-data'])
  const key = decode(user['client-key-data'])
  const authority = await createAuthority('regcred test wiretap')
  const own = await authority.issueServer([])
  let isSilent = (_: string) => false
  const exchanges: { path: string; accept: string; chunks: Buffer[] }[] = []
  const agent = new HttpsAgent({ ca, cert, key, keepAlive: true })

  const server = createServer({ cert: own.certificate, key: own.key }, (request, response) => {
    const exchange = { path: request.url ?? '', accept: request.headers.accept ?? '', chunks: [] as Buffer[] }
    exchanges.push(exchange)
    if (isSilent(decodeURIComponent(exchange.path))) return
    const upstream = requestOver(`${controlPlane.server}${exchange.path}`, {
      agent,
      method: request.method,
      headers: request.headers,
    })
    upstream.on('response', answer => relay(answer, response, exchange.chunks))
    upstream.on('error', () => response.destroy())
    response.on('close', () => upstream.destroy())
    request.pipe(upstream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  Object.assign(cluster, {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': base64(authority.certificate),
  })
  const tappedKubeconfig = join(controlPlane.folder, `wiretap-${port}.kubeconfig`)
  await writeFile(tappedKubeconfig, stringify(access), { mode: 0o600 })
  return {
    kubeconfig: tappedKubeconfig,
    tapped: () => exchanges.map(({ path, accept, chunks }) => ({ path, accept, received: Buffer.concat(chunks) })),
    silence(paths) {
      isSilent = paths
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await once(server, 'close')
    },
  }
}

function relay(answer: IncomingMessage, response: ServerResponse, chunks: Buffer[]): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders()
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    response.write(chunk)
  })
  answer.on('end', () => response.end())
  answer.on('error', () => response.destroy())
}
