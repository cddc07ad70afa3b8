import { once } from 'node:events'
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import type { User } from './registry.ts'

/** A pull that was asked for. */
interface Pull {
  /** `HOST/PATH`, as the Pod named it. */
  readonly image: string
  /** The tag, or the digest. */
  readonly tag: string
  /** Who said so, rightly or not; undefined for nobody. */
  readonly user: string | undefined
  readonly status: number
}

/** What stands before a registry and says who may pull what, as the products do that people rent. */
export interface Front {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** The manifests that were asked for so far. */
  readonly pulls: readonly Pull[]
  close(): void
}

/** The repository behind all names, and its tag behind all tags. */
const REPOSITORY = 'private'
const TAG = 'v1'
export const REAL_NAME = `${REPOSITORY}:${TAG}`
const FORBIDDEN = JSON.stringify({
  errors: [{ code: 'DENIED', message: 'requested access to the resource is denied' }],
})

/** The registry itself knows who is who; the front knows who may pull what, once the registry has believed them. */
export async function startFront(registry: string, users: readonly User[]): Promise<Front> {
  const pulls: Pull[] = []
  const rights = new Map(users.map(user => [user.name, user.rights]))
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://registry')
    const [, path = '', rest = ''] = /^\/v2\/(.+)(\/(?:manifests|blobs)\/[^/]+)$/.exec(url.pathname) ?? []
    const image = `${url.searchParams.get('ns') ?? registry}/${path}`
    const user = readUser(incoming.headers.authorization)
    const allowed = user === undefined ? undefined : rights.get(user)
    const note = (status: number) => {
      if (rest.startsWith('/manifests/')) pulls.push({ image, tag: rest.slice('/manifests/'.length), user, status })
    }
    const target =
      rest === '' ? url.pathname : `/v2/${REPOSITORY}${rest.replace(/^\/manifests\/[^:]+$/, `/manifests/${TAG}`)}`
    const outgoing = ask(registry, target, incoming, answer => {
      const isDenied = path !== '' && answer.statusCode !== 401 && !mayPull(allowed, image)
      note(isDenied ? 403 : (answer.statusCode ?? 0))
      if (isDenied) {
        answer.resume()
        response.writeHead(403, { 'content-type': 'application/json' }).end(FORBIDDEN)
      } else {
        pass(answer, response)
      }
    })
    outgoing.on('error', () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pulls,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function mayPull(prefixes: readonly string[] | undefined, image: string): boolean {
  return prefixes === undefined || prefixes.some(prefix => image.startsWith(prefix))
}

function readUser(authorization: string | undefined): string | undefined {
  const encoded = authorization?.match(/^Basic (.*)$/)?.[1]
  return encoded && Buffer.from(encoded, 'base64').toString().split(':')[0]
}

function ask(
  registry: string,
  path: string,
  { method, headers }: IncomingMessage,
  answered: (answer: IncomingMessage) => void,
): ClientRequest {
  const [host, port] = registry.split(':')
  const { authorization, accept } = headers
  const wanted = { ...(authorization && { authorization }), ...(accept && { accept }) }
  return request({ host, port, path, method, headers: wanted }, answered).end()
}

function pass(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  pipeline(answer, response, () => {})
}
