import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type KubeConfig, openKubeConfig, type User } from '../../src/kube/kubeconfig/credentials.ts'

/** What an object or a list needs so that the view takes it for one. */
export interface FakeObject {
  readonly metadata: {
    readonly name?: unknown
    readonly namespace?: unknown
    readonly resourceVersion?: string
    readonly annotations?: object
  }
  readonly [key: string]: unknown
}

/** One request that waits to be answered by the test. */
export class Exchange {
  readonly method: string
  readonly path: string
  /** What was sent, parsed; undefined for nothing. */
  readonly body: Promise<unknown>
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** Resolves when the client has gone away or the answer is complete. */
  readonly closed: Promise<unknown>
  readonly #response: ServerResponse

  constructor(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '', 'http://fake')
    this.method = request.method ?? ''
    this.path = url.pathname
    this.body = text(request).then(sent => (sent === '' ? undefined : JSON.parse(sent)))
    this.body.catch(() => undefined)
    this.query = Object.fromEntries(url.searchParams)
    this.headers = request.headers
    this.closed = once(response, 'close')
    this.#response = response
  }

  get isWatch(): boolean {
    return this.query['watch'] === '1'
  }

  json(body: unknown, status = 200, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

  /** Whether nothing but metadata was asked for; an API server then sends nothing else. */
  get isMetadataOnly(): boolean {
    return /as=PartialObjectMetadata(List)?;g=meta\.k8s\.io;v=v1$/.test(this.headers.accept ?? '')
  }

  list(items: readonly FakeObject[], resourceVersion: string, token?: string): void {
    const metadata = { resourceVersion, ...(token && { continue: token }) }
    if (this.#isTable) this.json(tableOf(items, metadata))
    else this.json({ kind: this.isMetadataOnly ? 'PartialObjectMetadataList' : 'List', metadata, items })
  }

  /** Whether it asks for one object by its path. */
  get isGet(): boolean {
    return !/\/(secrets|serviceaccounts|namespaces)$/.test(this.path)
  }

  /** Answers a get. */
  object(found: FakeObject | undefined): void {
    if (found === undefined) this.status(404, 'NotFound')
    else if (this.#isTable) this.json(tableOf([found], {}))
    else this.json({ ...found, ...(this.isMetadataOnly && { kind: 'PartialObjectMetadata' }) })
  }

  /** Answers a creation. */
  created(object: unknown, headers: Record<string, string> = {}): void {
    this.json(object, 201, headers)
  }

  get #isTable(): boolean {
    return /as=Table;/.test(this.headers.accept ?? '')
  }

  status(code: number, reason: string, headers?: Record<string, string>): void {
    this.json({ kind: 'Status', code, reason, message: `because ${reason}` }, code, headers)
  }

  /** Sends an event of a watch. */
  event(type: string, object: unknown): void {
    this.raw(`${JSON.stringify({ type, object })}\n`)
  }

  bookmark(resourceVersion: string): void {
    this.event('BOOKMARK', { metadata: { resourceVersion } })
  }

  /** Begins the answer, if need be with nothing. */
  raw(bytes: string | Buffer = ''): void {
    if (!this.#response.headersSent) this.#response.writeHead(200).flushHeaders()
    this.#response.write(bytes)
  }

  end(): void {
    this.raw()
    this.#response.end()
  }

  /** Breaks the connection. */
  cut(): void {
    this.#response.destroy()
  }
}

/** Secrets as `kubectl get` shows them. */
function tableOf(items: readonly FakeObject[], metadata: object): object {
  const rows = items.map(({ metadata, type }) => ({
    cells: [metadata.name, type ?? 'Opaque'],
    object: { kind: 'PartialObjectMetadata', metadata },
  }))
  return { kind: 'Table', metadata, columnDefinitions: [{ name: 'Name' }, { name: 'Type' }], rows }
}

/** An HTTP server that answers nothing by itself: a test takes each request and plays the API server's part. */
export class FakeApiServer {
  readonly #server: Server
  readonly #waiting: Exchange[] = []
  #newcomers: (() => void)[] = []
  /** TCP connections that were made so far. */
  connections = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', () => {
      this.connections += 1
    })
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#waiting.push(new Exchange(request, response))
      for (const newcomer of this.#newcomers.splice(0)) newcomer()
    })
  }

  static async start(tls?: ServerOptions, port = 0): Promise<FakeApiServer> {
    const server = tls === undefined ? createHttpServer() : createHttpsServer(tls)
    const fake = new FakeApiServer(server)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return fake
  }

  get port(): number {
    const address = this.#server.address()
    return (address as AddressInfo).port
  }

  /** TCP connections that are open. */
  async countOpen(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    this.#server.getConnections((_, count) => resolve(count))
    return await promise
  }

  /** Requests that no test has taken. */
  get pending(): number {
    return this.#waiting.length
  }

  /** Takes the next request that suits. */
  async next(suits: (exchange: Exchange) => boolean = () => true): Promise<Exchange> {
    for (;;) {
      const index = this.#waiting.findIndex(suits)
      const [found] = index === -1 ? [] : this.#waiting.splice(index, 1)
      if (found !== undefined) return found
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#newcomers.push(resolve)
      await promise
    }
  }

  kubeConfig(user: User = { token: 'our-token' }): KubeConfig {
    return openKubeConfig({ server: `http://127.0.0.1:${this.port}`, skipTlsVerify: true }, user)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
