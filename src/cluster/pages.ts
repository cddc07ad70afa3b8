import { ApiError } from './api-error.ts'
import type { Clock } from './clock.ts'
import { member, text } from './json.ts'
import type { GetOptions, Query } from './transport.ts'

/** A part of a list. */
export interface Page {
  /** As the API server sent them. */
  readonly items: readonly unknown[]
  /** Of the whole list, and the same on all its pages. */
  readonly resourceVersion: string
}

export interface JsonSource {
  getJson(path: string, query: Query, options: GetOptions): Promise<unknown>
}

export interface ListOptions {
  readonly signal: AbortSignal
  readonly accept?: string
}

const MOST_ITEMS = 500
/** Bytes. A page is parsed in one go, and nothing else is answered meanwhile. */
const LONGEST_PAGE = 4 * 1024 * 1024
const PAGE_TIMEOUT = 60_000

/**
 * Lists page by page.
 *
 * A page that turns out too large is asked for again with a quarter of the items, and each one that fits allows the next
 * twice as many: 500 Secrets of a megabyte each are read in small portions, 100,000 ordinary ones 500 at a time. What was
 * learnt is kept for the next list.
 */
export class Pages {
  readonly #source: JsonSource
  readonly #clock: Clock
  #items = MOST_ITEMS

  constructor(source: JsonSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  /** @throws ApiError; with status 410 where the list is too old to go on with */
  async *list(path: string, query: Query, options: ListOptions): AsyncGenerator<Page> {
    let token: string | undefined = ''
    while (token !== undefined) {
      const body: unknown = await this.#get(path, { ...query, ...(token !== '' && { continue: token }) }, options)
      const items = member(body, 'items') ?? []
      const resourceVersion = text(body, 'metadata', 'resourceVersion')
      if (!Array.isArray(items) || resourceVersion === undefined)
        throw new ApiError('garbage', { detail: 'not a list' })
      yield { items, resourceVersion }
      token = text(body, 'metadata', 'continue') || undefined
    }
  }

  async #get(path: string, query: Query, options: ListOptions): Promise<unknown> {
    const limit = this.#items
    try {
      const body = await this.#getInTime(path, { ...query, limit: String(limit) }, options, limit)
      this.#items = Math.min(MOST_ITEMS, limit * 2)
      return body
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'tooLarge' && limit > 1)) throw error
      this.#items = Math.max(1, Math.floor(limit / 4))
      return await this.#get(path, query, options)
    }
  }

  async #getInTime(path: string, query: Query, options: ListOptions, limit: number): Promise<unknown> {
    const late = new AbortController()
    const done = new AbortController()
    void this.#clock.sleep(PAGE_TIMEOUT, done.signal).then(() => late.abort())
    // A single object is read however large it is, within the limits of the transport.
    const longest = limit > 1 ? { longest: LONGEST_PAGE } : {}
    const signal = AbortSignal.any([options.signal, late.signal])
    return await this.#source
      .getJson(path, query, { ...options, ...longest, signal })
      .catch((error: unknown) => {
        throw late.signal.aborted ? new ApiError('silent') : error
      })
      .finally(() => done.abort())
  }
}
