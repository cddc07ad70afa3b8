import type { ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../kubelet/secret.ts'
import type { Known, Namespace, ServiceAccount } from '../policy/known.ts'
import type { StepCounter } from '../runtime/budget.ts'
import { type Clock, systemClock } from '../runtime/clock.ts'
import {
  accountLimits,
  bytesOfAccount,
  bytesOfNamespace,
  bytesOfSecret,
  namespaceLimits,
  secretLimits,
} from './held/cache-limits.ts'
import { CacheRoom } from './held/cache-room.ts'
import { type ChangeListener, ObjectStore } from './object-store.ts'
import { SecretStore } from './secret-store.ts'
import type { View } from './view.ts'

/** Told of what changes, kind by kind. */
export interface StoreListeners {
  readonly secrets: ChangeListener
  readonly serviceAccounts: ChangeListener
  readonly namespaces: ChangeListener
}

export interface StoreOptions {
  /** Told of a namespace of which not all objects of a kind are held. */
  readonly onPartial?: (kind: keyof StoreListeners, namespace: string) => void
  /** For how long nothing was heard of pull secrets. */
  readonly stalenessSeconds?: () => number
  readonly clock?: Clock
}

/** How long nothing may be heard of pull secrets: a watch on which nothing happens has a bookmark about every minute. */
const MAX_SETTLED_STALENESS_SECONDS = 60

/** The cache of a cluster: the stores of all its reflectors. */
export class Store implements View {
  readonly secrets: SecretStore
  readonly serviceAccounts: ObjectStore<ServiceAccount>
  readonly namespaces: ObjectStore<Namespace>
  readonly #stalenessSeconds: () => number

  constructor(listeners: StoreListeners, options: StoreOptions = {}) {
    const { onPartial = ignore, stalenessSeconds = () => 0, clock = systemClock } = options
    this.#stalenessSeconds = stalenessSeconds
    const holding = {
      room: new CacheRoom(secretLimits),
      bytesOf: bytesOfSecret,
      onPartial: (namespace: string) => onPartial('secrets', namespace),
    }
    this.secrets = new SecretStore(listeners.secrets, holding, clock)
    this.serviceAccounts = new ObjectStore(listeners.serviceAccounts, {
      room: new CacheRoom(accountLimits),
      bytesOf: bytesOfAccount,
      onPartial: namespace => onPartial('serviceAccounts', namespace),
    })
    this.namespaces = new ObjectStore(listeners.namespaces, {
      room: new CacheRoom(namespaceLimits),
      bytesOf: bytesOfNamespace,
      onPartial: namespace => onPartial('namespaces', namespace),
    })
  }

  secret(namespace: string, name: string): Known<SecretReading> {
    return this.secrets.get(namespace, name)
  }

  secretNames(namespace: string): Iterable<string> {
    return this.secrets.names(namespace)
  }

  credentials(namespace: string, image: ImageName, steps?: StepCounter): readonly Credential<PullSecret>[] {
    return this.secrets.find(namespace, image, steps)
  }

  serviceAccount(namespace: string, name: string): Known<ServiceAccount> {
    return this.serviceAccounts.get(namespace, name)
  }

  namespace(name: string): Known<Namespace> {
    return this.namespaces.get('', name)
  }

  isSettled(namespace: string): boolean {
    return !this.secrets.hasLost(namespace) && this.#stalenessSeconds() <= MAX_SETTLED_STALENESS_SECONDS
  }
}

function ignore(): void {}
