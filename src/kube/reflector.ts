import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { ApiError } from './api-error.ts'
import { about, delayAfter } from './backoff.ts'
import type { Pager } from './pager.ts'
import { ReflectorLog } from './reflector-log.ts'
import type { ReflectorStore } from './reflector-store.ts'
import type { Resource } from './resource.ts'
import type { Query } from './transport.ts'
import { getString } from './untyped.ts'
import { type LineSource, type WatchEvent, watch } from './watch.ts'

export interface ReflectorStatus {
  readonly name: string
  /** It has been listed whole at least once. */
  readonly synced: boolean
  /** Since the API server last said anything, or since the start. */
  readonly stalenessSeconds: number
  /** Objects that could not be read and were left out, since the start. */
  readonly skipped: number
}

export interface ReflectorOptions<T extends object> {
  readonly resource: Resource<T>
  readonly store: ReflectorStore<T>
  readonly source: LineSource
  readonly pager: Pager
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: Log
  /** Milliseconds after which, about, all is listed again although nothing seems wrong. Not done without it. */
  readonly relistAfter?: number
}

/** About how long the API server is asked to keep a watch open. */
const WATCH_SECONDS = 300
/** A watch that ends well, but sooner, is not what was asked for. */
const MIN_WATCH_MS = 10_000

/**
 * A reflector: keeps a store equal to one resource of the API server. It lists the resource, watches it from there, and begins
 * again for as long as it is not stopped.
 *
 * How a round ended decides how the next one begins:
 * | the round ended with | the next one begins with |
 * | --- | --- |
 * | the watch running its time, after events or bookmarks | a watch from the last of them, at once |
 * | the watch's own end, and nothing was heard | a list |
 * | 410, as a status or as an event; an exception of ours; `relistAfter` | a list |
 * | any other error, silence, a cut connection, a line that is no event | a watch from the last event |
 * All but the first wait before they begin, and the longer the more rounds have gone by in which nothing was heard, or which
 * ended in a list: a list of a large cluster is dear, whatever is heard between two of them.
 */
export class Reflector<T extends object> {
  readonly #options: ReflectorOptions<T>
  readonly #log: ReflectorLog
  readonly #stop = new AbortController()
  readonly #firstList = Promise.withResolvers<void>()
  #running: Promise<void> | undefined
  #resourceVersion: string | undefined
  #synced = false
  #lastContact: number
  #relistAt = Number.POSITIVE_INFINITY
  #heard = false
  #skipped = 0

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#log = new ReflectorLog(options.log, options.resource.name)
    this.#lastContact = options.clock.now()
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Resolves once nothing more will reach the store. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Resolves after the first whole list. */
  whenSynced(): Promise<void> {
    return this.#firstList.promise
  }

  status(): ReflectorStatus {
    const { resource, clock } = this.#options
    const stalenessSeconds = (clock.now() - this.#lastContact) / 1000
    return { name: resource.name, synced: this.#synced, stalenessSeconds, skipped: this.#skipped }
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options
    const stop = this.#stop.signal
    let failures = 0
    while (!stop.aborted) {
      const began = clock.now()
      this.#heard = false
      const trouble = await this.#round()
      const goesOn = this.#heard && this.#resourceVersion !== undefined
      failures = goesOn ? 0 : failures + 1
      const ranItsTime = trouble === undefined && this.#heard && clock.now() - began >= MIN_WATCH_MS
      if (!ranItsTime) await clock.sleep(delayAfter(failures, trouble, random), stop)
    }
  }

  /** @returns what ended it; undefined for the watch's own end */
  async #round(): Promise<unknown> {
    try {
      if (this.#options.clock.now() >= this.#relistAt) this.#resourceVersion = undefined
      this.#resourceVersion ??= await this.#list()
      await this.#watch(this.#resourceVersion)
      if (!this.#heard) this.#resourceVersion = undefined
      return undefined
    } catch (error) {
      if (!(error instanceof ApiError) || error.gone) this.#resourceVersion = undefined
      if (!this.#stop.signal.aborted) this.#log.interrupted(error)
      return error
    }
  }

  async #list(): Promise<string> {
    const { pager, store, resource, clock, random, relistAfter } = this.#options
    const replacement = store.replace()
    let resourceVersion = ''
    const { metadataOnly } = resource
    for await (const page of pager.list(resource.path, this.#selection(), {
      signal: this.#stop.signal,
      as: metadataOnly ? 'metadata' : undefined,
    })) {
      this.#lastContact = clock.now()
      resourceVersion = page.resourceVersion
      for (const object of page.items) {
        const kept = this.#read(object)
        if (kept !== undefined) replacement.add(...kept)
      }
    }
    replacement.commit()
    if (relistAfter !== undefined) this.#relistAt = clock.now() + about(relistAfter, random)
    if (!this.#synced) this.#log.synced()
    this.#synced = true
    this.#firstList.resolve()
    return resourceVersion
  }

  async #watch(resourceVersion: string): Promise<void> {
    const { source, resource, clock, random } = this.#options
    const onContact = () => {
      this.#lastContact = clock.now()
    }
    const seconds = Math.round(about(WATCH_SECONDS, random))
    const { metadataOnly } = resource
    const options = { source, clock, signal: this.#stop.signal, seconds, onContact, metadataOnly }
    for await (const event of watch(resource.path, { ...this.#selection(), resourceVersion }, options)) {
      this.#apply(event)
      this.#resourceVersion = event.resourceVersion ?? this.#resourceVersion
      this.#heard = true
      this.#log.recovered()
    }
  }

  #apply({ type, object }: WatchEvent): void {
    if (type === 'bookmark') return
    const { store } = this.#options
    const kept = type === 'put' ? this.#read(object) : undefined
    if (kept !== undefined) store.put(...kept)
    // What is stored under the name of an object that cannot be read is no longer true.
    else store.remove(...keyOf(object))
  }

  #read(object: unknown): [namespace: string, name: string, value: T] | undefined {
    const [namespace, name] = keyOf(object)
    try {
      if (name !== '') return [namespace, name, this.#options.resource.strip(object, name)]
    } catch (error) {
      // One object that we fail on must not hide all the others.
      this.#log.unreadable(namespace, name, error)
    }
    this.#skipped += 1
    return undefined
  }

  #selection(): Query {
    const { fieldSelector } = this.#options.resource
    return fieldSelector === undefined ? {} : { fieldSelector }
  }
}

/** What an object is stored under. */
function keyOf(object: unknown): [namespace: string, name: string] {
  return [getString(object, 'metadata', 'namespace') ?? '', getString(object, 'metadata', 'name') ?? '']
}
