import type { Dispatcher } from 'undici'
import { ApiError, readFailure, readRetryAfter, readStatus, readWarnings } from './api-error.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { splitLines } from './split-lines.ts'

/** Parameters of a request; their order is kept. */
export type Query = Readonly<Record<string, string>>

export interface GetOptions {
  readonly signal: AbortSignal
  readonly accept?: string
  /** A longer answer is cut off and not looked at. */
  readonly maxBytes?: number
  /** Told of the bytes of the answer as they arrive. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** Told the API server's time of day, in milliseconds since the epoch, where its answer has one. */
  readonly onDate?: (date: number) => void
}

export interface StreamOptions {
  readonly signal: AbortSignal
  readonly accept?: string
  /** Called when the answer begins and whenever bytes of it arrive, even if they do not end a line. */
  readonly onContact?: () => void
}

export interface TransportOptions extends ConnectionOptions {
  /** Sent as User-Agent, e.g. `regcred/1.2.3`. */
  readonly userAgent: string
}

type Response = Dispatcher.ResponseData

/** Size of a response, and of a line of a watch: an object has 1.5 MiB in etcd by default, and JSON makes it longer. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024
/** Size of the body of an error; of a longer one only the HTTP status counts. */
const MAX_STATUS_BYTES = 64 * 1024
const CONTENT = { 'Content-Type': 'application/json' } as const
/** Nothing is ever stored with it, and fields that the API server does not know are not what is asked about. */
const DRY_RUN = { dryRun: 'All', fieldManager: 'regcred', fieldValidation: 'Ignore' } as const

/** What would have become of an object, and what was said of it. */
export interface DryRun {
  /** As it would have been stored. */
  readonly object: unknown
  /** What a person would be warned of, in the order of the API server. */
  readonly warnings: readonly string[]
}

/** Something to be sent. */
interface Sent {
  readonly method: 'PUT' | 'POST'
  readonly body: string
}

/** Requests to one API server, over one shared pool of connections. All that fails is an {@link ApiError}. */
export class Transport {
  readonly #connection: Connection
  readonly #options: TransportOptions

  constructor(options: TransportOptions) {
    this.#options = options
    this.#connection = new Connection(options)
  }

  /** Gets a path such as `/api/v1/namespaces`, and parses the answer. */
  async getJson(path: string, query: Query, options: GetOptions): Promise<unknown> {
    const { signal, accept, maxBytes = MAX_RESPONSE_BYTES, onBytes, onDate } = options
    const { body, headers } = await this.#send(path, query, accept ?? 'application/json', signal)
    const date = Date.parse(String(headers['date']))
    if (!Number.isNaN(date)) onDate?.(date)
    try {
      return parse(await readBytes(body, maxBytes, onBytes))
    } catch (error) {
      throw readFailure(error, signal)
    }
  }

  /** Puts an object in the place of another. */
  async put(path: string, object: unknown, signal: AbortSignal): Promise<void> {
    const sent = { method: 'PUT', body: JSON.stringify(object) } as const
    const { body } = await this.#send(path, {}, 'application/json', signal, sent)
    await body.dump()
  }

  /** Has an object created that is not stored: all of admission looks at it, and then it is gone. */
  async createDry(path: string, object: unknown, signal: AbortSignal): Promise<DryRun> {
    const sent = { method: 'POST', body: JSON.stringify(object) } as const
    const { body, headers } = await this.#send(path, DRY_RUN, 'application/json', signal, sent)
    try {
      return { object: parse(await readBytes(body, MAX_RESPONSE_BYTES)), warnings: readWarnings(headers['warning']) }
    } catch (error) {
      throw readFailure(error, signal)
    }
  }

  /** Gets a path, and parses the answer line by line as it comes. Ends when the answer ends; leaving it cuts it off. */
  async *stream(path: string, query: Query, { signal, accept, onContact }: StreamOptions): AsyncGenerator<unknown> {
    const { body } = await this.#send(path, query, accept ?? 'application/json', signal)
    onContact?.()
    try {
      for await (const line of splitLines(reportChunks(body, onContact), MAX_RESPONSE_BYTES)) yield parse(line)
    } catch (error) {
      throw readFailure(error, signal)
    }
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await this.#connection.close()
  }

  /**
   * A kept-alive connection may break as a request is sent on it, and credentials may have been replaced since they were
   * read: neither says anything about the next attempt, so there is one. An object that was put all the same is then in
   * conflict with itself, and whoever put it reads it again.
   */
  async #send(path: string, query: Query, accept: string, signal: AbortSignal, sent?: Sent): Promise<Response> {
    const began = this.#options.clock.now()
    const attempt = () => this.#attempt(path, query, accept, signal, sent)
    try {
      return await attempt()
    } catch (error) {
      const failure = readFailure(error, signal)
      const again = broke(failure) || (failure.status === 401 && this.#connection.renew(began))
      if (!again) throw failure
      return await attempt()
    }
  }

  async #attempt(path: string, query: Query, accept: string, signal: AbortSignal, sent?: Sent): Promise<Response> {
    const { origin, prefix, headers, dispatcher } = await this.#connection.access(signal)
    let response: Response
    try {
      response = await dispatcher.request({
        origin,
        path: `${prefix}${path}?${new URLSearchParams(query)}`,
        headers: { ...headers, Accept: accept, 'User-Agent': this.#options.userAgent, ...(sent && CONTENT) },
        signal,
        ...(sent ?? { method: 'GET' }),
      })
    } catch (error) {
      throw readFailure(error, signal)
    }
    if (response.statusCode >= 200 && response.statusCode < 300) return response
    throw await readRefusal(response)
  }
}

async function readRefusal({ statusCode, headers, body }: Response): Promise<ApiError> {
  const retryAfter = readRetryAfter(headers['retry-after'])
  const warnings = readWarnings(headers['warning'])
  const http = { status: statusCode, warnings, ...(retryAfter !== undefined && { retryAfter }) }
  try {
    return readStatus(parse(await readBytes(body, MAX_STATUS_BYTES)), http)
  } catch {
    return readStatus(undefined, http)
  }
}

async function readBytes(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  onBytes?: GetOptions['onBytes'],
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    onBytes?.(chunk.length)
    if (length > maxBytes) throw new ApiError('tooLarge')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* reportChunks(body: AsyncIterable<Buffer>, onContact?: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    onContact?.()
    yield chunk
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new ApiError('garbage', { detail: 'not JSON' })
  }
}

function broke(failure: ApiError): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(failure.reason ?? '')
}
