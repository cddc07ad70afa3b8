import { isDeepStrictEqual } from 'node:util'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { Clock } from '../runtime/clock.ts'
import { present } from '../runtime/present.ts'
import { untilAborted } from '../runtime/until-aborted.ts'
import { ApiError } from './api-error.ts'
import type { Credentials, KubeConfig, Tls } from './kubeconfig/credentials.ts'
import { getString } from './untyped.ts'

/** What one request needs besides its path. */
export interface Access {
  /** E.g. `https://10.0.0.1:443`. */
  readonly origin: string
  /** Path before `/api`, without a slash at its end; empty but for proxies such as Rancher's. */
  readonly prefix: string
  /** Who we are; holds a token, so it lives as long as the request. */
  readonly headers: Credentials['headers']
  readonly dispatcher: Dispatcher
}

export interface ConnectionOptions {
  readonly kubeConfig: KubeConfig
  /** Reads the kubeconfig again: credentials that are turned down may have been replaced where they came from. */
  readonly reload?: () => KubeConfig | undefined
  readonly clock: Clock
}

/** Time between two reloads of the kubeconfig. */
const MIN_RELOAD_INTERVAL_MS = 10_000
/** Time to open a connection, TLS included. */
const CONNECT_TIMEOUT_MS = 10_000
/** Time from a request to the head of its response. */
const HEADERS_TIMEOUT_MS = 60_000
/** How long an idle connection is kept. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000
/** Silence after which TCP probes whether the peer is still there. */
const TCP_KEEP_ALIVE_MS = 30_000
/** Characters of a message of a credential plugin or a parser. */
const MAX_DETAIL_LENGTH = 200

/** Why HTTP/1.1, and why these times: docs/adr/0002-one-transport-for-the-api-server.md. */
const connections = {
  allowH2: false,
  connectTimeout: CONNECT_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  bodyTimeout: 0,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
} as const
const tcpKeepAlive = { keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS } as const

/** The way to one API server: a kubeconfig's credentials, and one pool of connections for as long as they are the same. */
export class Connection {
  readonly #options: ConnectionOptions
  #kubeConfig: KubeConfig
  #reloadedAt = Number.NEGATIVE_INFINITY
  #pending: Promise<Credentials> | undefined
  #pool: { readonly tls: Tls; readonly proxy: string | undefined; readonly dispatcher: Dispatcher } | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#kubeConfig = options.kubeConfig
  }

  /** @throws ApiError `credentials`, where a file, an exec plugin or an identity provider fails or has not answered; `stopped` */
  async access(signal: AbortSignal): Promise<Access> {
    const credentials = await untilAborted(this.#credentials(), signal)
    if (credentials === undefined) throw this.#waitedInVain()
    const { origin, pathname } = new URL(this.#kubeConfig.server)
    return {
      origin,
      prefix: pathname.replace(/\/$/, ''),
      headers: credentials.headers,
      dispatcher: this.#dispatcher(credentials.tls),
    }
  }

  /**
   * Reads the credentials again after the API server has turned down a request that began at this time of the clock.
   *
   * @returns whether there may be others now
   */
  renew(began: number): boolean {
    if (this.#reloadedAt >= began) return true
    const now = this.#options.clock.now()
    if (now - this.#reloadedAt < MIN_RELOAD_INTERVAL_MS) return false
    const kubeConfig = this.#options.reload?.()
    if (kubeConfig === undefined) return false
    this.#reloadedAt = now
    this.#kubeConfig = kubeConfig
    return true
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await this.#pool?.dispatcher.destroy()
  }

  #waitedInVain(): ApiError {
    const { asks } = this.#kubeConfig
    return asks === undefined
      ? new ApiError('stopped')
      : new ApiError('credentials', { detail: `${asks} has not answered` })
  }

  /** Requests that start together share the outcome, so that an exec plugin is run once and not for each. */
  #credentials(): Promise<Credentials> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #read(): Promise<Credentials> {
    try {
      return await this.#kubeConfig.credentials()
    } catch (error) {
      throw new ApiError('credentials', describe(error))
    }
  }

  #dispatcher(tls: Tls): Dispatcher {
    const proxy = this.#kubeConfig.proxyUrl
    const pool = this.#pool
    if (pool !== undefined && pool.proxy === proxy && isDeepStrictEqual(pool.tls, tls)) return pool.dispatcher
    // What is under way on the old connections may end there.
    void pool?.dispatcher.close()
    const connect = { ...tls, ...tcpKeepAlive }
    const dispatcher =
      proxy === undefined
        ? new Agent({ ...connections, connect })
        : new ProxyAgent({ ...connections, uri: proxy, requestTls: { ...connect, allowH2: false } })
    this.#pool = { tls, proxy, dispatcher }
    return dispatcher
  }
}

/** A plugin's answer that is not JSON is quoted by the parser that fails on it, and may be a token. */
function describe(error: unknown): { reason?: string; detail?: string } {
  const reason = getString(error, 'code')
  if (error instanceof SyntaxError || !(error instanceof Error)) return { detail: 'not JSON' }
  return {
    ...(reason !== undefined && { reason }),
    detail: present(error.message.split('\n')[0]).slice(0, MAX_DETAIL_LENGTH),
  }
}
