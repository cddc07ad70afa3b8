import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../runtime/clock.ts'
import { ApiError, sendInTime } from './api-error.ts'
import { checkMetadataList, METADATA_LIST } from './metadata-only.ts'
import { readSecretTable, TABLE } from './table.ts'
import type { GetOptions, Query } from './transport.ts'
import { get, getString } from './untyped.ts'

/** A part of a list: a page, or of a large one what is read in one turn of the event loop. */
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
  /** What of the objects is to be received; all of them without it. */
  readonly as?: 'metadata' | 'secretTable' | undefined
  /** Told of all bytes as they arrive, those of a page that is cut off too. */
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/** Items of a page. */
const MAX_PAGE_ITEMS = 500
/** Items of the first page, of whose size nothing is known: the API server puts together all that it is asked for. */
const FIRST_PAGE_ITEMS = 64
/** Factor by which a page may have more items than the last one: objects are not listed by size. */
const MAX_PAGE_GROWTH = 8
/** Size of a page: it is parsed in one go, and nothing else is answered meanwhile. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024
/** Size of a page that is aimed at. */
const WANTED_PAGE_BYTES = MAX_PAGE_BYTES / 2
/** Size of what is read of a page before others have their turn: to read a megabyte of Secrets takes far longer than to parse it. */
const MAX_TURN_BYTES = 128 * 1024
/** Time for a page to arrive. */
const PAGE_TIMEOUT_MS = 60_000

const FORMS = { metadata: METADATA_LIST, secretTable: TABLE } as const

function readItems(body: unknown, form: ListOptions['as']): unknown {
  if (form === 'secretTable') return readSecretTable(body)
  if (form === 'metadata') checkMetadataList(body)
  return get(body, 'items') ?? []
}

/** A page, in parts where it is large, each in a turn of its own. */
async function* inTurns(items: readonly unknown[], resourceVersion: string, bytes: number): AsyncGenerator<Page> {
  const most = Math.max(1, Math.floor((MAX_TURN_BYTES * items.length) / bytes))
  for (let start = 0; start === 0 || start < items.length; start += most) {
    if (start > 0) await setImmediate()
    yield { items: items.slice(start, start + most), resourceVersion }
  }
}

/** The body of a page, and its size. */
interface PageBody {
  readonly body: unknown
  readonly bytes: number
}

/**
 * A pager: lists a resource page by page.
 *
 * Each page is asked for as many items as, by the size of those of the last one, make a megabyte; one that turns out too large
 * is cut off, and asked for again with a quarter. So 500 Secrets of a megabyte each are read one by one, 100,000 ordinary
 * ones 500 at a time. What was learnt is kept for the next list.
 */
export class Pager {
  readonly #source: JsonSource
  readonly #clock: Clock
  #items = FIRST_PAGE_ITEMS

  constructor(source: JsonSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  /** @throws ApiError; with status 410 where the list is too old to go on with */
  async *list(path: string, query: Query, options: ListOptions): AsyncGenerator<Page> {
    let token: string | undefined = ''
    while (token !== undefined) {
      const { body, bytes } = await this.#get(path, { ...query, ...(token !== '' && { continue: token }) }, options)
      const items = readItems(body, options.as)
      const resourceVersion = getString(body, 'metadata', 'resourceVersion')
      if (!Array.isArray(items) || resourceVersion === undefined)
        throw new ApiError('garbage', { detail: 'not a list' })
      this.#learn(items.length, bytes)
      yield* inTurns(items, resourceVersion, bytes)
      token = getString(body, 'metadata', 'continue') || undefined
    }
  }

  #learn(items: number, bytes: number): void {
    if (items === 0) return
    const fitting = Math.floor((WANTED_PAGE_BYTES * items) / bytes)
    this.#items = Math.max(1, Math.min(MAX_PAGE_ITEMS, this.#items * MAX_PAGE_GROWTH, fitting))
  }

  async #get(path: string, query: Query, options: ListOptions): Promise<PageBody> {
    const limit = this.#items
    try {
      return await this.#getInTime(path, { ...query, limit: String(limit) }, options, limit)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'tooLarge' && limit > 1)) throw error
      this.#items = Math.max(1, Math.floor(limit / 4))
      return await this.#get(path, query, options)
    }
  }

  async #getInTime(path: string, query: Query, options: ListOptions, limit: number): Promise<PageBody> {
    // A single object is read however large it is, within the limits of the transport.
    const upTo = limit > 1 ? { maxBytes: MAX_PAGE_BYTES } : {}
    const accept = options.as === undefined ? {} : { accept: FORMS[options.as] }
    let bytes = 0
    const onBytes = (arrived: number) => {
      bytes += arrived
      options.onBytes?.(arrived)
    }
    const send = (signal: AbortSignal) => this.#source.getJson(path, query, { ...accept, ...upTo, signal, onBytes })
    const body = await sendInTime(this.#clock, PAGE_TIMEOUT_MS, options.signal, send)
    return { body, bytes }
  }
}
