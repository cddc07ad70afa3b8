import type { ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../kubelet/secret.ts'
import type { Known, Namespace, ServiceAccount } from '../policy/known.ts'
import type { StepCounter } from '../runtime/budget.ts'
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

/** The cache of a cluster: the stores of all its reflectors. */
export class Store implements View {
  readonly secrets: SecretStore
  readonly serviceAccounts: ObjectStore<ServiceAccount>
  readonly namespaces: ObjectStore<Namespace>

  /** @param onPartial told of a namespace of which not all objects of a kind are held */
  constructor(listeners: StoreListeners, onPartial: (kind: keyof StoreListeners, namespace: string) => void = ignore) {
    this.secrets = new SecretStore(listeners.secrets, {
      room: new CacheRoom(secretLimits),
      bytesOf: bytesOfSecret,
      onPartial: namespace => onPartial('secrets', namespace),
    })
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
}

function ignore(): void {}
