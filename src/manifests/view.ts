import type { SecretExtent } from '../cluster/resources.ts'
import { stripNamespace, stripServiceAccount } from '../cluster/strip.ts'
import type { LiveReads, NamespaceSecrets, View } from '../cluster/view.ts'
import { getString } from '../kube/untyped.ts'
import { CredentialIndex } from '../kubelet/credential-index.ts'
import type { ImageName } from '../kubelet/image-name.ts'
import { type SecretReading, withoutContents } from '../kubelet/secret.ts'
import { ABSENT, type Known, type Namespace, type ServiceAccount, UNKNOWN } from '../policy/known.ts'
import { checkSecret } from '../review/schema.ts'
import { readSecretObject } from '../review/secret.ts'
import type { StepCounter } from '../runtime/budget.ts'
import type { Manifest } from './found.ts'

export interface ManifestViewOptions {
  /** The namespace of an object that names none. */
  readonly namespace?: string
  /**
   * Whether a Secret that is not there is unknown in a namespace that holds none at all: a repository is often kept without
   * its Secrets.
   */
  readonly sparse?: boolean
  /** With `names` all that is known of a Secret is whether it is a pull secret, as with a cluster. */
  readonly secrets?: SecretExtent
}

/** A cluster that consists of manifests. What is held is all there is, so a live read finds the same. */
export class ManifestView implements View, LiveReads {
  readonly #secrets = new Map<string, Map<string, SecretReading>>()
  readonly #indexes = new Map<string, CredentialIndex>()
  readonly #accounts = new Map<string, ServiceAccount>()
  readonly #namespaces = new Map<string, Namespace>()
  readonly #fallback: string
  readonly #sparse: boolean
  readonly #namesOnly: boolean

  constructor(manifests: readonly Manifest[], options: ManifestViewOptions = {}) {
    const { namespace = 'default', sparse = false, secrets = 'contents' } = options
    this.#sparse = sparse
    this.#namesOnly = secrets === 'names'
    this.#fallback = namespace
    for (const manifest of manifests) this.hold(manifest)
  }

  /** Takes an object in, if it is of a kind that is held. */
  hold({ apiVersion, kind, object }: Pick<Manifest, 'apiVersion' | 'kind' | 'object'>): void {
    const name = getString(object, 'metadata', 'name')
    if (name === undefined || apiVersion !== 'v1') return
    const namespace = getString(object, 'metadata', 'namespace') || this.#fallback
    if (kind === 'Secret') this.#holdSecret(object, namespace)
    if (kind === 'ServiceAccount') this.#accounts.set(`${namespace}/${name}`, stripServiceAccount(object, name))
    if (kind === 'Namespace') this.#namespaces.set(name, stripNamespace(object, name))
  }

  /** Objects that are held, of all kinds. */
  get size(): number {
    const secrets = [...this.#secrets.values()].reduce((sum, { size }) => sum + size, 0)
    return secrets + this.#accounts.size + this.#namespaces.size
  }

  secret(namespace: string, name: string): Known<SecretReading> {
    const secrets = this.#secrets.get(namespace)
    if (secrets === undefined && this.#sparse) return UNKNOWN
    return found(secrets?.get(name))
  }

  secretNames(namespace: string): Iterable<string> {
    return this.#secrets.get(namespace)?.keys() ?? []
  }

  credentials(namespace: string, image: ImageName, steps?: StepCounter): ReturnType<View['credentials']> {
    return this.#indexes.get(namespace)?.find(image, steps) ?? []
  }

  serviceAccount(namespace: string, name: string): Known<ServiceAccount> {
    return found(this.#accounts.get(`${namespace}/${name}`))
  }

  namespace(name: string): Known<Namespace> {
    return found(this.#namespaces.get(name))
  }

  readSecret(namespace: string, name: string): Promise<Known<SecretReading>> {
    return Promise.resolve(this.secret(namespace, name))
  }

  async readSecrets(namespace: string): Promise<Known<NamespaceSecrets>> {
    const get = (name: string) => this.secret(namespace, name)
    return { state: 'value', value: { get, pullSecrets: await this.lookForMatch(namespace, ['any']) } }
  }

  /** There is nothing that {@link credentials} would not have found, and all Secrets for each of many objects are many. */
  async lookForMatch(namespace: string, images: readonly string[]): Promise<typeof UNKNOWN | undefined> {
    return images.length > 0 && this.#sparse && !this.#secrets.has(namespace) ? UNKNOWN : undefined
  }

  noteMisses(): void {}

  readServiceAccount(namespace: string, name: string): Promise<Known<ServiceAccount>> {
    return Promise.resolve(this.serviceAccount(namespace, name))
  }

  readNamespace(name: string): Promise<Known<Namespace>> {
    return Promise.resolve(this.namespace(name))
  }

  #holdSecret(object: unknown, namespace: string): void {
    const checked = checkSecret(object)
    const whole = 'fault' in checked ? undefined : readSecretObject(checked.value)
    if (whole === undefined) return
    const reading = this.#namesOnly ? withoutContents(whole) : whole
    const secrets = this.#secrets.get(namespace) ?? new Map<string, SecretReading>()
    this.#secrets.set(namespace, secrets.set(reading.name, reading))
    const index = this.#indexes.get(namespace) ?? new CredentialIndex()
    this.#indexes.set(namespace, index)
    if (reading.kind === 'pullSecret') index.add(reading)
    else index.remove(reading)
  }
}

function found<T>(value: T | undefined): Known<T> {
  return value === undefined ? ABSENT : { state: 'value', value }
}
