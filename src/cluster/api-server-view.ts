import type { KubeConfig } from '@kubernetes/client-node'
import { type Clock, systemClock } from './clock.ts'
import { Follow, type FollowStatus } from './follow.ts'
import type { Log } from './follow-log.ts'
import type { ChangeListener, Held } from './held.ts'
import { ApiServerReads } from './live.ts'
import { ApiServerObjects, type Objects } from './objects.ts'
import { Pages } from './pages.ts'
import type { ReadObserver } from './read-observer.ts'
import {
  dockerCfg,
  dockerConfigJson,
  namespaces,
  type Resource,
  type SecretExtent,
  secretForms,
  serviceAccounts,
} from './resources.ts'
import { Store } from './store.ts'
import { Transport } from './transport.ts'
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
  /** Told of what changes among pull secrets, once the view and its reads know. */
  readonly secretListener?: ChangeListener
  readonly clock?: Clock
  /** From 0 to 1. */
  readonly random?: () => number
  /** Milliseconds after which, about, all is listed again although nothing seems wrong. */
  readonly relistAfter?: number
}

interface ResourceStatus extends FollowStatus {
  readonly objects: number
}

interface ApiServerViewStatus {
  /** Every resource has been listed whole at least once. */
  readonly inStep: boolean
  readonly resources: readonly ResourceStatus[]
}

/** A view of a real cluster, and live reads of it. */
export interface ApiServerView {
  readonly view: View
  readonly live: LiveReads
  /** Our own objects; nothing else is ever written. */
  readonly objects: Objects
  status(): ApiServerViewStatus
  /** Begins to follow. Nothing is awaited: an API server that cannot be reached is tried until it can. */
  start(): void
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>
  /** Resolves to true once all is in step, to false if the signal is aborted before. */
  whenInStep(signal: AbortSignal): Promise<boolean>
}

const RELIST_AFTER = 60 * 60 * 1000
const silentLog: Log = { info: ignore, warn: ignore, error: ignore }
const noObserver: ReadObserver = { ended: ignore }

/** Puts a view of the cluster of a KubeConfig's current context together. Nothing is sent before it is started or read. */
export function connect(options: ConnectOptions): ApiServerView {
  const { clock = systemClock, log = silentLog, observer = noObserver, userAgent = 'regcred' } = options
  const { random = Math.random, relistAfter = RELIST_AFTER } = options
  const transport = new Transport({ ...options, clock, userAgent })
  const secretForm = secretForms[options.secrets ?? 'contents']
  const live = new ApiServerReads({ pages: new Pages(transport, clock), secretForm, clock, observer, log })
  const { listeners } = live
  const store = new Store({ ...listeners, secrets: tellBoth(listeners.secrets, options.secretListener) })

  const follow = <T extends object>(resource: Resource<T>, held: Held<T>) => {
    const pages = new Pages(transport, clock)
    return {
      held,
      follow: new Follow({ resource, sink: held, source: transport, pages, clock, random, log, relistAfter }),
    }
  }
  const followed = [
    follow(dockerConfigJson(secretForm), store.secrets.dockerConfigJson),
    follow(dockerCfg(secretForm), store.secrets.dockerCfg),
    follow(serviceAccounts, store.serviceAccounts),
    follow(namespaces, store.namespaces),
  ]
  const allInStep = Promise.all(followed.map(one => one.follow.whenInStep())).then(() => true)

  return {
    view: store,
    live,
    objects: new ApiServerObjects(transport, clock),
    status() {
      const resources = followed.map(one => ({ ...one.follow.status(), objects: one.held.size }))
      return { inStep: resources.every(({ inStep }) => inStep), resources }
    },
    start() {
      for (const one of followed) one.follow.start()
    },
    async stop() {
      await Promise.all(followed.map(one => one.follow.stop()))
      await transport.close()
    },
    async whenInStep(signal) {
      const { promise: givenUp, resolve } = Promise.withResolvers<boolean>()
      const giveUp = () => resolve(false)
      if (signal.aborted) giveUp()
      signal.addEventListener('abort', giveUp)
      const inStep = await Promise.race([allInStep, givenUp])
      signal.removeEventListener('abort', giveUp)
      return inStep
    },
  }
}

function tellBoth(first: ChangeListener, second: ChangeListener | undefined): ChangeListener {
  if (second === undefined) return first
  return {
    changed(namespace, name) {
      first.changed(namespace, name)
      second.changed(namespace, name)
    },
    replaced() {
      first.replaced()
      second.replaced()
    },
  }
}

function ignore(): void {}
