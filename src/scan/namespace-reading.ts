import type { ScannedCluster } from '../ask/cluster.ts'
import { apiVersionOf, RESOURCES, type Resource, WORKLOADS } from '../ask/resources.ts'
import { findWaiting } from '../diagnosis/waiting.ts'
import { UsersOfSecrets } from '../inspection/used-by.ts'
import { getItems, getText } from '../kube/untyped.ts'
import type { Found } from '../manifests/found.ts'
import { nearestName } from '../runtime/nearest-name.ts'
import { askAhead } from './ask-ahead.ts'
import { Owned } from './owned.ts'
import { PullSecrets } from './pull-secrets.ts'
import type { BrokenAccount, ExpiringSecret, ScannedSecret, Workload } from './scan.ts'

export interface ReadOptions {
  /** Of workloads and Pods. */
  readonly labelSelector: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Milliseconds within which what expires is told. */
  readonly expiring: number
  /** Told how many workloads there are so far. */
  readonly onWorkload?: (workloads: number) => void
}

/** Names of who names a Secret that are kept of each. */
const MAX_NAMED = 5
/** Where not all that may name a Secret is read. */
const UNKNOWN_USERS = { named: [], usedBy: undefined }
/** Letters by which a name may differ from one that was meant. */
const MAX_DISTANCE = 2

/** One namespace, read once: its objects one after another, for the engine, and what else there is to say of them. */
export class NamespaceReading {
  readonly #cluster: ScannedCluster
  readonly #options: ReadOptions
  readonly #pullSecrets: PullSecrets
  readonly #others = new Set<string>()
  readonly #accounts: { readonly name: string; readonly secrets: readonly string[] }[] = []
  readonly #owned = new Owned()
  #users = new UsersOfSecrets([])

  constructor(cluster: ScannedCluster, options: ReadOptions) {
    this.#cluster = cluster
    this.#options = options
    this.#pullSecrets = new PullSecrets(options)
  }

  /** The objects that are judged, and those that it depends on. @throws {AskError} */
  async *read(namespace: unknown): AsyncGenerator<Found, void> {
    if (namespace !== undefined) yield this.#found('v1', 'Namespace', namespace)
    const secrets = askAhead(this.#cluster.listPullSecrets())
    const others = askAhead(this.#cluster.listOtherSecrets())
    const accounts = askAhead(this.#cluster.list(RESOURCES.ServiceAccount))
    const { labelSelector } = this.#options
    const selection = labelSelector === undefined ? {} : { labelSelector }
    const workloads = [...WORKLOADS, RESOURCES.Pod].map(resource => ({
      resource,
      objects: askAhead(this.#cluster.list(resource, selection)),
    }))
    yield* this.#readSecrets(secrets, others)
    this.#users = new UsersOfSecrets(this.#pullSecrets.names)
    for await (const account of accounts) {
      this.#users.note('v1', 'ServiceAccount', account)
      const secrets = getItems(account, 'imagePullSecrets').map(one => getText(one, 'name'))
      if (secrets.length > 0) this.#accounts.push({ name: getText(account, 'metadata', 'name'), secrets })
      yield this.#found('v1', 'ServiceAccount', account)
    }
    for (const { resource, objects } of workloads) yield* this.#readWorkloads(resource, objects)
  }

  /** Workloads, and Pods that are none's. */
  get workloads(): number {
    return this.#owned.size
  }

  /** What an object is called in an answer, and how many of its Pods wait. */
  nameOf(kind: string, name: string): Workload {
    return this.#owned.nameOf(kind, name)
  }

  /** All whose Pods wait. */
  get waiting(): readonly Workload[] {
    return this.#owned.waiting
  }

  get secrets(): readonly ScannedSecret[] {
    const { namespace } = this.#cluster
    const isWhole = this.#options.labelSelector === undefined
    return this.#pullSecrets.all.map(one => {
      const { named, count } = this.#users.of(one.secret)
      return { namespace, ...one, ...(isWhole ? { named: named.slice(0, MAX_NAMED), usedBy: count } : UNKNOWN_USERS) }
    })
  }

  get expiring(): readonly ExpiringSecret[] {
    const { namespace } = this.#cluster
    return this.#pullSecrets.expiring.map(one => {
      const { named, count } = this.#users.of(one.secret)
      return { namespace, ...one, named, usedBy: count }
    })
  }

  /** Pull secrets that nothing names; undefined where not all that may name one was read. */
  get unused(): readonly string[] | undefined {
    if (this.#options.labelSelector !== undefined) return undefined
    return [...this.#pullSecrets.names].filter(secret => this.#users.of(secret).count === 0)
  }

  get accounts(): readonly BrokenAccount[] {
    const { namespace } = this.#cluster
    return this.#accounts.flatMap(({ name, secrets }) =>
      secrets
        .filter(secret => !this.#pullSecrets.names.has(secret) && !this.#others.has(secret))
        .map(secret => ({
          ...{ namespace, name, secret },
          near: nearestName(secret, this.#pullSecrets.names, { limit: MAX_DISTANCE }),
        })),
    )
  }

  async *#readSecrets(secrets: AsyncGenerator, others: AsyncGenerator): AsyncGenerator<Found, void> {
    for await (const secret of secrets) {
      this.#pullSecrets.note(secret)
      yield this.#found('v1', 'Secret', secret)
    }
    for await (const secret of others) {
      this.#others.add(getText(secret, 'metadata', 'name'))
      yield this.#found('v1', 'Secret', secret)
    }
  }

  async *#readWorkloads(resource: Resource, objects: AsyncGenerator): AsyncGenerator<Found, void> {
    const apiVersion = apiVersionOf(resource)
    const { kind } = resource
    for await (const object of objects) {
      this.#users.note(apiVersion, kind, object)
      const isJudged = this.#owned.note(kind, object)
      if (kind === 'Pod' && findWaiting(object).length > 0) this.#owned.noteWaiting(object)
      if (!isJudged) continue
      this.#options.onWorkload?.(this.workloads)
      yield this.#found(apiVersion, kind, object)
    }
  }

  #found(apiVersion: string, kind: string, object: unknown): Found {
    // The items of a list do not say what they are.
    const file = `${kind} ${this.#cluster.namespace}/${getText(object, 'metadata', 'name')}`
    return { file, apiVersion, kind, object: Object.assign({}, object, { apiVersion, kind }) }
  }
}
