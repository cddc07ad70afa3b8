import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, Agent as HttpsAgent, request as requestOver } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ControlPlane } from './control-plane.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { createAuthority } from './pki.ts'

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
  stop(): Promise<void>
}

/** Starts a wiretap that ends TLS on both sides and is the user to the API server, by their client certificate. */
export async function startWiretap(
  controlPlane: ControlPlane,
  user: string,
  groups: readonly string[] = [],
): Promise<Wiretap> {
  const { clusters, users } = parse(await readFile(await controlPlane.addUser(user, groups), 'utf8'))
  const decode = (text: string) => Buffer.from(text, 'base64').toString()
  const ca = decode(clusters[0].cluster['certificate-authority-data'])
  const cert = decode(users[0].user['client-certificate-data'])
  const key = decode(users[0].user['client-key-data'])
  const authority = await createAuthority('regcred test wiretap')
  const own = await authority.issueServer([])
  const exchanges: { path: string; accept: string; chunks: Buffer[] }[] = []
  const agent = new HttpsAgent({ ca, cert, key, keepAlive: true })

  const server = createServer({ cert: own.certificate, key: own.key }, (request, response) => {
    const exchange = { path: request.url ?? '', accept: request.headers.accept ?? '', chunks: [] as Buffer[] }
    exchanges.push(exchange)
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
  const kubeconfig = join(controlPlane.folder, `wiretap-${user}.kubeconfig`)
  await writeKubeconfig(kubeconfig, {
    server: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    credential: { certificate: cert, key },
  })
  return {
    kubeconfig,
    tapped: () => exchanges.map(({ path, accept, chunks }) => ({ path, accept, received: Buffer.concat(chunks) })),
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
