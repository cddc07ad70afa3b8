import type { ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../kubelet/secret.ts'
import type { Known, Namespace, ServiceAccount } from '../policy/known.ts'
import type { StepCounter } from '../runtime/budget.ts'
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

  constructor(listeners: StoreListeners) {
    this.secrets = new SecretStore(listeners.secrets)
    this.serviceAccounts = new ObjectStore(listeners.serviceAccounts)
    this.namespaces = new ObjectStore(listeners.namespaces)
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
