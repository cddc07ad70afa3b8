import type { Known, Namespace, ServiceAccount } from '../policy/facts.ts'
import type { ImageName } from '../registry/image.ts'
import type { Credential } from '../registry/keyring.ts'
import type { PullSecret, SecretReading } from '../registry/secret.ts'
import { type ChangeListener, Held } from './held.ts'
import { HeldSecrets } from './held-secrets.ts'
import type { View } from './view.ts'

/** Told of what changes, kind by kind. */
export interface StoreListeners {
  readonly secrets: ChangeListener
  readonly serviceAccounts: ChangeListener
  readonly namespaces: ChangeListener
}

/** All that is held of a cluster. */
export class Store implements View {
  readonly secrets: HeldSecrets
  readonly serviceAccounts: Held<ServiceAccount>
  readonly namespaces: Held<Namespace>

  constructor(listeners: StoreListeners) {
    this.secrets = new HeldSecrets(listeners.secrets)
    this.serviceAccounts = new Held(listeners.serviceAccounts)
    this.namespaces = new Held(listeners.namespaces)
  }

  secret(namespace: string, name: string): Known<SecretReading> {
    return this.secrets.get(namespace, name)
  }

  secretNames(namespace: string): Iterable<string> {
    return this.secrets.names(namespace)
  }

  credentials(namespace: string, image: ImageName): readonly Credential<PullSecret>[] {
    return this.secrets.find(namespace, image)
  }

  serviceAccount(namespace: string, name: string): Known<ServiceAccount> {
    return this.serviceAccounts.get(namespace, name)
  }

  namespace(name: string): Known<Namespace> {
    return this.namespaces.get('', name)
  }
}
