import type { Known, Namespace, ServiceAccount } from '../policy/facts.ts'
import type { SecretReading } from '../registry/secret.ts'
import { ApiError } from './api-error.ts'
import { describeBug } from './bug.ts'
import type { Clock } from './clock.ts'
import { Flights } from './flights.ts'
import type { Log } from './follow-log.ts'
import { isObjectName } from './object-name.ts'
import { Pace } from './pace.ts'
import type { Pages } from './pages.ts'
import type { ReadKind, ReadObserver, ReadOutcome } from './read-observer.ts'
import { DOCKER_CFG, DOCKER_CONFIG_JSON, type SecretForm } from './resources.ts'
import { Slots } from './slots.ts'
import type { StoreListeners } from './store.ts'
import { stripNamespace, stripServiceAccount } from './strip.ts'
import { listVersions, NO_VERSION, newest, type VersionedList } from './versioned.ts'
import type { LiveReads, ReadOptions } from './view.ts'

export interface ApiServerReadsOptions {
  readonly pages: Pages
  /** How pull secrets are read. */
  readonly secretForm: SecretForm
  readonly clock: Clock
  readonly observer: ReadObserver
  readonly log: Log
}

interface Answer<T> {
  readonly known: Known<T>
  readonly outcome: ReadOutcome
}

type Flown<T> = Flights<Answer<T>>
type Strip<T> = (object: unknown, name: string) => T

/** Reads at a time; each has at most two requests under way. */
const MOST_READS = 32
/** Of whole namespaces, whose pull secrets may be large; whoever waits for the same namespace waits for the same read. */
const MOST_WIDE_READS = 4
const UNKNOWN = { state: 'unknown' } as const
const ABSENT = { state: 'absent' } as const

/** Live reads of an API server, by lists alone: whoever may list and watch what is followed needs no further right. */
export class ApiServerReads implements LiveReads {
  readonly #options: ApiServerReadsOptions
  readonly #pace: Pace
  readonly #secrets: Flown<SecretReading>
  readonly #pullSecrets: Flown<readonly SecretReading[]>
  readonly #serviceAccounts: Flown<ServiceAccount>
  readonly #namespaces: Flown<Namespace>

  constructor(options: ApiServerReadsOptions) {
    this.#options = options
    const slots = new Slots(MOST_READS)
    const pace = new Pace(options.clock)
    this.#pace = pace
    this.#secrets = new Flights(slots, pace, options.clock)
    this.#pullSecrets = new Flights(new Slots(MOST_WIDE_READS), pace, options.clock)
    this.#serviceAccounts = new Flights(slots, pace, options.clock)
    this.#namespaces = new Flights(slots, pace, options.clock)
  }

  /** What the store has to tell, so that no answer is shared that is known to be out of date. */
  get listeners(): StoreListeners {
    return {
      secrets: {
        changed: (namespace, name) => {
          this.#secrets.forget(`${namespace}/${name}`)
          this.#pullSecrets.forget(namespace)
        },
        replaced: () => {
          this.#secrets.forgetAll()
          this.#pullSecrets.forgetAll()
        },
      },
      serviceAccounts: {
        changed: (namespace, name) => this.#serviceAccounts.forget(`${namespace}/${name}`),
        replaced: () => this.#serviceAccounts.forgetAll(),
      },
      namespaces: {
        changed: (_, name) => this.#namespaces.forget(name),
        replaced: () => this.#namespaces.forgetAll(),
      },
    }
  }

  async readSecret(namespace: string, name: string, options: ReadOptions): Promise<Known<SecretReading>> {
    if (!isObjectName(namespace) || !isObjectName(name)) return ABSENT
    return await this.#ask('secret', this.#secrets, `${namespace}/${name}`, options, signal =>
      this.#findSecret(`/api/v1/namespaces/${namespace}/secrets`, name, signal),
    )
  }

  async readPullSecrets(namespace: string, options: ReadOptions): Promise<Known<readonly SecretReading[]>> {
    if (!isObjectName(namespace)) return ABSENT
    return await this.#ask('pullSecrets', this.#pullSecrets, namespace, options, signal =>
      this.#listPullSecrets(`/api/v1/namespaces/${namespace}/secrets`, signal),
    )
  }

  async readServiceAccount(namespace: string, name: string, options: ReadOptions): Promise<Known<ServiceAccount>> {
    if (!isObjectName(namespace) || !isObjectName(name)) return ABSENT
    return await this.#ask('serviceAccount', this.#serviceAccounts, `${namespace}/${name}`, options, signal =>
      this.#find(`/api/v1/namespaces/${namespace}/serviceaccounts`, name, stripServiceAccount, signal),
    )
  }

  async readNamespace(name: string, options: ReadOptions): Promise<Known<Namespace>> {
    if (!isObjectName(name)) return ABSENT
    return await this.#ask('namespace', this.#namespaces, name, options, signal =>
      this.#find('/api/v1/namespaces', name, stripNamespace, signal),
    )
  }

  async #ask<T>(
    kind: ReadKind,
    flights: Flown<T>,
    key: string,
    options: ReadOptions,
    read: (signal: AbortSignal) => Promise<Known<T>>,
  ): Promise<Known<T>> {
    const landing = await flights.ask(key, options, signal => this.#answer(read(signal)))
    if (landing === 'timeout' || landing === 'limited') {
      this.#options.observer.ended(kind, landing)
      return UNKNOWN
    }
    this.#options.observer.ended(kind, landing.joined ? 'shared' : landing.answer.outcome)
    return landing.answer.known
  }

  async #answer<T>(reading: Promise<Known<T>>): Promise<Answer<T>> {
    try {
      const known = await reading
      return { known, outcome: known.state === 'unknown' ? 'disagreed' : known.state }
    } catch (error) {
      if (!(error instanceof ApiError)) this.#options.log.error(describeBug(error), 'A live read met a bug.')
      else if (error.retryAfter !== undefined) this.#pace.pause(error.retryAfter)
      return { known: UNKNOWN, outcome: 'failed' }
    }
  }

  /**
   * | a pull secret of this name | metadata of this name | the Secret is |
   * | --- | --- | --- |
   * | in one of the two lists by type | not asked for | that |
   * | in both: made again meanwhile | not asked for | the newer |
   * | in none | none | absent |
   * | in none | as old as both lists or older, so that they would have had it | of another type |
   * | in none | newer than one of them | unknown |
   */
  async #findSecret(path: string, name: string, signal: AbortSignal): Promise<Known<SecretReading>> {
    const byName = `metadata.name=${name}`
    const lists = await this.#listBothTypes(path, `,${byName}`, signal)
    const found = newest(lists.flatMap(({ items }) => items))
    if (found === 'disagreed') return UNKNOWN
    if (found !== undefined) return { state: 'value', value: found.value }
    const all = await this.#list(path, byName, toNothing, signal, true)
    const [other] = all.items
    if (other === undefined) return ABSENT
    const wasListed = other.version !== NO_VERSION && lists.every(({ version }) => other.version <= version)
    return wasListed ? { state: 'value', value: { kind: 'wrongType', name } } : UNKNOWN
  }

  async #listPullSecrets(path: string, signal: AbortSignal): Promise<Known<readonly SecretReading[]>> {
    const lists = await this.#listBothTypes(path, '', signal)
    const byName = Map.groupBy(
      lists.flatMap(({ items }) => items),
      ({ name }) => name,
    )
    const value: SecretReading[] = []
    for (const found of byName.values()) {
      const last = newest(found)
      if (last === undefined || last === 'disagreed') return UNKNOWN
      value.push(last.value)
    }
    return { state: 'value', value }
  }

  async #listBothTypes(path: string, selector: string, signal: AbortSignal): Promise<VersionedList<SecretReading>[]> {
    const types = [DOCKER_CONFIG_JSON, DOCKER_CFG]
    const { strip, metadataOnly } = this.#options.secretForm
    return await Promise.all(types.map(type => this.#list(path, `${type}${selector}`, strip, signal, metadataOnly)))
  }

  async #find<T>(path: string, name: string, strip: Strip<T>, signal: AbortSignal): Promise<Known<T>> {
    const { items } = await this.#list(path, `metadata.name=${name}`, strip, signal)
    const [found] = items
    return found === undefined ? ABSENT : { state: 'value', value: found.value }
  }

  async #list<T>(path: string, selector: string, strip: Strip<T>, signal: AbortSignal, metadataOnly = false) {
    return await listVersions(this.#options.pages, path, selector, strip, { signal, metadataOnly })
  }
}

function toNothing(): undefined {
  return undefined
}
