import type { KubeConfig } from '../kube/kubeconfig/credentials.ts'
import { ApiServerObjects, type Objects } from '../kube/objects.ts'
import { Pager } from '../kube/pager.ts'
import { Reflector, type ReflectorStatus } from '../kube/reflector.ts'
import type { Resource } from '../kube/resource.ts'
import { Transport } from '../kube/transport.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { untilAborted } from '../runtime/until-aborted.ts'
import { ApiServerReads } from './live-reads.ts'
import type { ObjectStore } from './object-store.ts'
import type { ReadObserver } from './read-observer.ts'
import {
  dockerCfg,
  dockerConfigJson,
  namespaces,
  type SecretExtent,
  secretForms,
  serviceAccounts,
} from './resources.ts'
import { Store, type StoreListeners } from './store.ts'
import type { LiveReads, View } from './view.ts'

export interface ConnectOptions {
  readonly kubeConfig: KubeConfig
  /** Reads the kubeconfig again, for when the API server turns its credentials down. */
  readonly reload?: () => KubeConfig | undefined
  /** E.g. `regcred/1.2.3`. */
  readonly userAgent?: string
  /** How much of a pull secret is received: with `names` nothing but metadata, in lists, watches and live reads. */
  readonly secrets?: SecretExtent
  readonly log?: Log
  readonly observer?: ReadObserver
  readonly clock?: Clock
  /** From 0 to 1. */
  readonly random?: () => number
  /** Milliseconds after which, about, all is listed again although nothing seems wrong. */
  readonly relistAfter?: number
}

interface ResourceStatus extends ReflectorStatus {
  readonly objects: number
  /** About what they take in memory. */
  readonly bytes: number
  /** Namespaces of which not all objects are held, because they would take more memory than there is for them. */
  readonly partialNamespaces: number
}

interface ClusterConnectionStatus {
  /** Every resource has been listed whole at least once. */
  readonly synced: boolean
  readonly resources: readonly ResourceStatus[]
}

/** A view of a real cluster, and live reads of it. */
export interface ClusterConnection {
  readonly view: View
  readonly live: LiveReads
  /** Our own objects; nothing else is ever written. */
  readonly objects: Objects
  status(): ClusterConnectionStatus
  /** Begins to list and watch. Nothing is awaited: an API server that cannot be reached is tried until it can. */
  start(): void
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>
  /** Resolves to true once all is synced, to false if the signal is aborted before. */
  whenSynced(signal: AbortSignal): Promise<boolean>
}

/** About how often everything is listed again although nothing seems wrong. */
const RELIST_AFTER_MS = 60 * 60 * 1000
/** What is said of a namespace that takes more memory than there is for it. */
const PARTIAL: Readonly<Record<keyof StoreListeners, string>> = {
  secrets: 'pull secrets',
  serviceAccounts: 'ServiceAccounts',
  namespaces: 'labels and annotations',
}
const silentLog: Log = { info: ignore, warn: ignore, error: ignore }
const noObserver: ReadObserver = { ended: ignore }

/** Puts a view of the cluster of a kubeconfig's context together. Nothing is sent before it is started or read. */
export function connect(options: ConnectOptions): ClusterConnection {
  const { clock = systemClock, log = silentLog, observer = noObserver, userAgent = 'regcred' } = options
  const { random = Math.random, relistAfter = RELIST_AFTER_MS } = options
  const transport = new Transport({ ...options, clock, userAgent })
  const secretForm = secretForms[options.secrets ?? 'contents']
  const live = new ApiServerReads({ source: transport, secretForm, clock, observer, log })
  const store = new Store(live.listeners, {
    clock,
    stalenessSeconds: () => Math.max(...secrets.map(({ reflector }) => reflector.status().stalenessSeconds)),
    onPartial: (kind, namespace) => {
      log.warn(
        { kind, namespace },
        `The cache does not hold all ${PARTIAL[kind]} of namespace ${namespace}: too much memory. What is missing is read when it matters.`,
      )
    },
  })

  const follow = <T extends object>(resource: Resource<T>, objects: ObjectStore<T>) => {
    // A pager of its own: how many objects make a page is learnt from the last one.
    const pager = new Pager(transport, clock)
    const reflector = new Reflector({
      resource,
      store: objects,
      source: transport,
      pager,
      clock,
      random,
      log,
      relistAfter,
    })
    return { objects, reflector }
  }
  const secrets = [
    follow(dockerConfigJson(secretForm), store.secrets.dockerConfigJson),
    follow(dockerCfg(secretForm), store.secrets.dockerCfg),
  ]
  const followed = [...secrets, follow(serviceAccounts, store.serviceAccounts), follow(namespaces, store.namespaces)]
  const allSynced = Promise.all(followed.map(({ reflector }) => reflector.whenSynced())).then(() => true)

  return {
    view: store,
    live,
    objects: new ApiServerObjects(transport, clock),
    status() {
      const resources = followed.map(({ reflector, objects }) => ({
        ...reflector.status(),
        objects: objects.size,
        bytes: objects.bytes,
        partialNamespaces: objects.partialNamespaces,
      }))
      return { synced: resources.every(({ synced }) => synced), resources }
    },
    start() {
      for (const { reflector } of followed) reflector.start()
    },
    async stop() {
      await Promise.all(followed.map(({ reflector }) => reflector.stop()))
      await transport.close()
    },
    async whenSynced(signal) {
      return (await untilAborted(allSynced, signal)) ?? false
    },
  }
}

function ignore(): void {}
