import { ApiError } from '../kube/api-error.ts'
import { Finder } from '../kube/finder.ts'
import { isObjectName } from '../kube/object-name.ts'
import { type JsonSource, Pager } from '../kube/pager.ts'
import type { SecretReading } from '../kubelet/secret.ts'
import { ABSENT, type Known, type Namespace, type ServiceAccount, UNKNOWN } from '../policy/known.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { redactError } from '../runtime/redact-error.ts'
import { FairQueue } from './fair-queue.ts'
import { NamespaceCount } from './namespace-count.ts'
import { Patience } from './patience.ts'
import { RateLimiter } from './rate-limiter.ts'
import type { ReadKind, ReadObserver, ReadOutcome } from './read-observer.ts'
import { NegativeCache } from './recent-misses.ts'
import type { SecretForm } from './resources.ts'
import { type Receiving, SecretLists } from './secret-lists.ts'
import { type CallTarget, SingleFlight } from './single-flight.ts'
import type { StoreListeners } from './store.ts'
import { stripNamespace, stripServiceAccount } from './strip.ts'
import type { LiveReads, NamespaceSecrets, ReadOptions } from './view.ts'

export interface ApiServerReadsOptions {
  readonly source: JsonSource
  /** How pull secrets are read. */
  readonly secretForm: SecretForm
  readonly clock: Clock
  readonly observer: ReadObserver
  readonly log: Log
}

/**
 * Secrets of one namespace that are read by name at once, for however many reviews: twice as many as may be under way. Beyond
 * that all Secrets of the namespace are read, once for all who ask meanwhile.
 */
const MAX_READS_BY_NAME = 16

interface Answer<T> {
  readonly known: Known<T>
  readonly outcome: ReadOutcome
}

type Reads<T> = SingleFlight<Answer<T>>

/** Live reads of an API server: single objects by name, and of a Secret first whether it is there and of which type. */
export class ApiServerReads implements LiveReads {
  readonly #options: ApiServerReadsOptions
  readonly #finder: Finder
  readonly #lists: SecretLists
  readonly #queue: FairQueue
  readonly #misses: NegativeCache
  readonly #patience = new Patience()
  readonly #byName = new NamespaceCount()
  readonly #secret: Reads<SecretReading>
  readonly #secrets: Reads<NamespaceSecrets>
  readonly #pullSecrets: Reads<readonly SecretReading[]>
  readonly #serviceAccounts: Reads<ServiceAccount>
  readonly #namespaces: Reads<Namespace>

  constructor(options: ApiServerReadsOptions) {
    const { clock, secretForm } = options
    this.#options = options
    this.#finder = new Finder(options)
    this.#lists = new SecretLists(() => new Pager(options.source, clock), this.#finder, secretForm)
    this.#misses = new NegativeCache(clock)
    this.#queue = new FairQueue(new RateLimiter(clock), clock)
    this.#secret = new SingleFlight(this.#queue, 'object', clock)
    this.#secrets = new SingleFlight(this.#queue, 'namespace', clock)
    this.#pullSecrets = new SingleFlight(this.#queue, 'namespace', clock)
    this.#serviceAccounts = new SingleFlight(this.#queue, 'object', clock)
    this.#namespaces = new SingleFlight(this.#queue, 'object', clock)
  }

  /** What the store has to tell, so that no answer is shared, and no miss stands, that is known to be out of date. */
  get listeners(): StoreListeners {
    return {
      secrets: {
        changed: (namespace, name) => {
          this.#secret.forget(`${namespace}/${name}`)
          this.#secrets.forget(namespace)
          this.#pullSecrets.forget(namespace)
          this.#misses.forget(namespace)
        },
        replaced: () => {
          this.#secret.forgetAll()
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
    const target = { namespace, key: `${namespace}/${name}` }
    const read = () =>
      this.#read('secret', this.#secret, target, options, receiving => this.#lists.find(namespace, name, receiving))
    if (this.#secret.has(target.key, options.shared)) return await read()
    if (this.#byName.of(namespace) < MAX_READS_BY_NAME) return await this.#byName.during(namespace, read)
    const all = await this.readSecrets(namespace, options)
    return all.state === 'value' ? all.value.get(name) : UNKNOWN
  }

  async readSecrets(namespace: string, options: ReadOptions): Promise<Known<NamespaceSecrets>> {
    if (!isObjectName(namespace)) return ABSENT
    return await this.#read('secrets', this.#secrets, { namespace, key: namespace }, options, receiving =>
      this.#lists.listAll(namespace, receiving),
    )
  }

  async lookForMatch(
    namespace: string,
    images: readonly string[],
    options: ReadOptions,
  ): Promise<Known<readonly SecretReading[]> | undefined> {
    if (!isObjectName(namespace)) return ABSENT
    if (images.every(image => this.#misses.has(namespace, image))) return undefined
    return await this.#read('pullSecrets', this.#pullSecrets, { namespace, key: namespace }, options, receiving =>
      this.#lists.list(namespace, receiving),
    )
  }

  noteMisses(namespace: string, images: readonly string[]): void {
    this.#misses.add(namespace, images)
  }

  async readServiceAccount(namespace: string, name: string, options: ReadOptions): Promise<Known<ServiceAccount>> {
    if (!isObjectName(namespace) || !isObjectName(name)) return ABSENT
    const target = { namespace, key: `${namespace}/${name}` }
    return await this.#read('serviceAccount', this.#serviceAccounts, target, options, receiving =>
      this.#find(`/api/v1/namespaces/${namespace}/serviceaccounts`, name, stripServiceAccount, receiving),
    )
  }

  async readNamespace(name: string, options: ReadOptions): Promise<Known<Namespace>> {
    if (!isObjectName(name)) return ABSENT
    return await this.#read('namespace', this.#namespaces, { namespace: name, key: name }, options, receiving =>
      this.#find('/api/v1/namespaces', name, stripNamespace, receiving),
    )
  }

  async #read<T>(
    kind: ReadKind,
    reads: Reads<T>,
    target: CallTarget,
    options: ReadOptions,
    send: (receiving: Receiving) => Promise<Known<T>>,
  ): Promise<Known<T>> {
    const outcome = await this.#patience.wait(target.namespace, options, timeout =>
      reads.do(target, { timeout, shared: options.shared }, (signal, onBytes) =>
        this.#answer(send({ signal, onBytes })),
      ),
    )
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
      else if (error.retryAfter !== undefined) this.#queue.pause(error.retryAfter)
      return { known: UNKNOWN, outcome: 'failed' }
    }
  }

  async #find<T>(
    path: string,
    name: string,
    strip: (object: unknown, name: string) => T,
    receiving: Receiving,
  ): Promise<Known<T>> {
    const found = await this.#finder.find(path, name, strip, receiving)
    return found === undefined ? ABSENT : { state: 'value', value: found.value }
  }
}
