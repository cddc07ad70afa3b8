import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { ApiError, sendInTime } from './api-error.ts'
import { checkMetadata, METADATA } from './metadata-only.ts'
import { type JsonSource, type ListOptions, Pager } from './pager.ts'
import { readSecretTable, TABLE } from './table.ts'
import { getString } from './untyped.ts'
import { listVersions, parseVersion, type Versioned } from './versioned-list.ts'

export interface FinderOptions {
  readonly source: JsonSource
  readonly clock: Clock
  readonly log: Log
}

/** Time for an object to arrive. */
const OBJECT_TIMEOUT_MS = 60_000
/** Time after which is tried again whether we may get objects: a role takes a moment to hold, and may be corrected. */
const GET_AGAIN_AFTER_MS = 60_000

const FORMS = { metadata: METADATA, secretTable: TABLE } as const

/**
 * Finds single objects by name, as they are now.
 *
 * By a `get`, which the API server answers from etcd at once. A list by `metadata.name` says the same, and waits for up to a tenth of a
 * second until the API server's cache has caught up, and far longer where it is busy: it is for roles without `get`.
 */
export class Finder {
  readonly #options: FinderOptions
  /** Until when each collection is listed, by the last part of its path. */
  readonly #listedUntil = new Map<string, number>()

  constructor(options: FinderOptions) {
    this.#options = options
  }

  /**
   * @param collection a path, e.g. `/api/v1/namespaces/team-a/secrets`
   * @returns undefined where there is none of this name
   * @throws ApiError
   */
  async find<T>(
    collection: string,
    name: string,
    strip: (object: unknown, name: string) => T,
    options: ListOptions,
  ): Promise<Versioned<T> | undefined> {
    const resource = collection.slice(collection.lastIndexOf('/') + 1)
    if ((this.#listedUntil.get(resource) ?? 0) > this.#options.clock.now())
      return await this.#findInList(collection, name, strip, options)
    try {
      const object = await this.#get(`${collection}/${name}`, options)
      if (getString(object, 'metadata', 'name') !== name) throw new ApiError('garbage', { detail: 'another object' })
      const version = parseVersion(getString(object, 'metadata', 'resourceVersion'))
      return { name, version, value: strip(object, name) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // What stands before the API server may answer with 404 as well.
      if (error.status === 404 && error.reason === 'NotFound') return undefined
      if (error.status !== 403) throw error
      this.#noteForbidden(resource, error)
      return await this.#findInList(collection, name, strip, options)
    }
  }

  #noteForbidden(resource: string, { message }: ApiError): void {
    const { clock, log } = this.#options
    const isNew = !this.#listedUntil.has(resource)
    if (isNew) log.warn({ resource }, `Live reads of ${resource} are lists, which take longer. ${message}`)
    this.#listedUntil.set(resource, clock.now() + GET_AGAIN_AFTER_MS)
  }

  async #get(path: string, { signal, as, onBytes }: ListOptions): Promise<unknown> {
    const accept = as === undefined ? {} : { accept: FORMS[as] }
    const send = (inTime: AbortSignal) => this.#options.source.getJson(path, {}, { ...accept, signal: inTime, onBytes })
    return readObject(await sendInTime(this.#options.clock, OBJECT_TIMEOUT_MS, signal, send), as)
  }

  async #findInList<T>(
    collection: string,
    name: string,
    strip: (object: unknown, name: string) => T,
    options: ListOptions,
  ): Promise<Versioned<T> | undefined> {
    const pager = new Pager(this.#options.source, this.#options.clock)
    const { items } = await listVersions(pager, collection, `metadata.name=${name}`, strip, options)
    return items[0]
  }
}

function readObject(body: unknown, as: ListOptions['as']): unknown {
  if (as === 'secretTable') return readSecretTable(body)[0]
  if (as === 'metadata') checkMetadata(body)
  return body
}
