import { ApiError } from '../kube/api-error.ts'
import { isObjectName } from '../kube/object-name.ts'
import type { Pager } from '../kube/pager.ts'
import { listVersions } from '../kube/versioned-list.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import { ABSENT, type Known, type Namespace, type ServiceAccount, UNKNOWN } from '../policy/known.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { redactError } from '../runtime/redact-error.ts'
import { Semaphore } from '../runtime/semaphore.ts'
import { RateLimiter } from './rate-limiter.ts'
import { NegativeCache } from './recent-misses.ts'
import type { SecretForm } from './resources.ts'
import { SecretLists } from './secret-lists.ts'
import { SingleFlight } from './single-flight.ts'
import type { StoreListeners } from './store.ts'
import { stripNamespace, stripServiceAccount } from './strip.ts'
import type { LiveReads, ReadOptions } from './view.ts'

export type ReadKind = 'secret' | 'pullSecrets' | 'serviceAccount' | 'namespace'

/**
 * `shared`: by a read that another had begun. `disagreed`: the lists of one read did not fit together. `limited`: not sent,
 * because there were too many or the API server asked for time.
 */
export type ReadOutcome = 'value' | 'absent' | 'timeout' | 'failed' | 'disagreed' | 'shared' | 'limited'

/** Told once for everyone who asked. */
export interface ReadObserver {
  ended(kind: ReadKind, outcome: ReadOutcome): void
}

export interface ApiServerReadsOptions {
  readonly pager: Pager
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

type Reads<T> = SingleFlight<Answer<T>>

/** Reads at a time; each has at most two requests under way. */
const MAX_CONCURRENT_READS = 32
/** Reads of whole namespaces at a time: their pull secrets may be large. */
const MAX_CONCURRENT_NAMESPACE_READS = 4

/** Live reads of an API server, by lists alone: whoever may list and watch what is followed needs no further right. */
export class ApiServerReads implements LiveReads {
  readonly #options: ApiServerReadsOptions
  readonly #lists: SecretLists
  readonly #rateLimiter: RateLimiter
  readonly #misses: NegativeCache
  readonly #secrets: Reads<SecretReading>
  readonly #pullSecrets: Reads<readonly SecretReading[]>
  readonly #serviceAccounts: Reads<ServiceAccount>
  readonly #namespaces: Reads<Namespace>

  constructor(options: ApiServerReadsOptions) {
    const { clock } = options
    this.#options = options
    this.#lists = new SecretLists(options.pager, options.secretForm)
    this.#misses = new NegativeCache(clock)
    this.#rateLimiter = new RateLimiter(clock)
    const single = new Semaphore(MAX_CONCURRENT_READS)
    const wide = new Semaphore(MAX_CONCURRENT_NAMESPACE_READS)
    this.#secrets = new SingleFlight(single, this.#rateLimiter, clock)
    this.#pullSecrets = new SingleFlight(wide, this.#rateLimiter, clock)
    this.#serviceAccounts = new SingleFlight(single, this.#rateLimiter, clock)
    this.#namespaces = new SingleFlight(single, this.#rateLimiter, clock)
  }

  /** What the store has to tell, so that no answer is shared, and no miss stands, that is known to be out of date. */
  get listeners(): StoreListeners {
    return {
      secrets: {
        changed: (namespace, name) => {
          this.#secrets.forget(`${namespace}/${name}`)
          this.#pullSecrets.forget(namespace)
          this.#misses.forget(namespace)
        },
        replaced: () => {
          this.#secrets.forgetAll()
          this.#pullSecrets.forgetAll()
          this.#misses.forgetAll()
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
    return await this.#read('secret', this.#secrets, `${namespace}/${name}`, options, signal =>
      this.#lists.find(namespace, name, signal),
    )
  }

  async lookForMatch(
    namespace: string,
    images: readonly string[],
    options: ReadOptions,
  ): Promise<Known<readonly SecretReading[]> | undefined> {
    if (!isObjectName(namespace)) return ABSENT
    if (images.every(image => this.#misses.has(namespace, image))) return undefined
    return await this.#read('pullSecrets', this.#pullSecrets, namespace, options, signal =>
      this.#lists.list(namespace, signal),
    )
  }

  noteMisses(namespace: string, images: readonly string[]): void {
    this.#misses.add(namespace, images)
  }

  async readServiceAccount(namespace: string, name: string, options: ReadOptions): Promise<Known<ServiceAccount>> {
    if (!isObjectName(namespace) || !isObjectName(name)) return ABSENT
    return await this.#read('serviceAccount', this.#serviceAccounts, `${namespace}/${name}`, options, signal =>
      this.#find(`/api/v1/namespaces/${namespace}/serviceaccounts`, name, stripServiceAccount, signal),
    )
  }

  async readNamespace(name: string, options: ReadOptions): Promise<Known<Namespace>> {
    if (!isObjectName(name)) return ABSENT
    return await this.#read('namespace', this.#namespaces, name, options, signal =>
      this.#find('/api/v1/namespaces', name, stripNamespace, signal),
    )
  }

  async #read<T>(
    kind: ReadKind,
    reads: Reads<T>,
    key: string,
    options: ReadOptions,
    send: (signal: AbortSignal) => Promise<Known<T>>,
  ): Promise<Known<T>> {
    const outcome = await reads.do(key, options, signal => this.#answer(send(signal)))
    if (outcome === 'timeout' || outcome === 'limited') {
      this.#options.observer.ended(kind, outcome)
      return UNKNOWN
    }
    this.#options.observer.ended(kind, outcome.shared ? 'shared' : outcome.answer.outcome)
    return outcome.answer.known
  }

  async #answer<T>(reading: Promise<Known<T>>): Promise<Answer<T>> {
    try {
      const known = await reading
      return { known, outcome: known.state === 'unknown' ? 'disagreed' : known.state }
    } catch (error) {
      if (!(error instanceof ApiError))
        this.#options.log.error(redactError(error), 'A live read failed because of a bug.')
      else if (error.retryAfter !== undefined) this.#rateLimiter.pause(error.retryAfter)
      return { known: UNKNOWN, outcome: 'failed' }
    }
  }

  async #find<T>(
    path: string,
    name: string,
    strip: (object: unknown, name: string) => T,
    signal: AbortSignal,
  ): Promise<Known<T>> {
    const { items } = await listVersions(this.#options.pager, path, `metadata.name=${name}`, strip, { signal })
    const [found] = items
    return found === undefined ? ABSENT : { state: 'value', value: found.value }
  }
}
