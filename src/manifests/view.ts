import type { SecretExtent } from '../cluster/resources.ts'
import { stripNamespace, stripServiceAccount } from '../cluster/strip.ts'
import type { KnownNamespace, LiveReads, NamespaceSecrets, View } from '../cluster/view.ts'
import { getString } from '../kube/untyped.ts'
import { CredentialIndex } from '../kubelet/credential-index.ts'
import type { ImageName } from '../kubelet/image-name.ts'
import { type SecretReading, withoutContents } from '../kubelet/secret.ts'
import { ABSENT, type Known, type Namespace, type ServiceAccount, UNKNOWN } from '../policy/known.ts'
import type { KindPath } from '../policy/settings.ts'
import { checkSecret } from '../review/schema.ts'
import { readSecretObject } from '../review/secret.ts'
import type { StepCounter } from '../runtime/budget.ts'
import type { Manifest } from './found.ts'
import { isMeantAsPullSecret, isUnreadable } from './placeholder.ts'
import { type MadeSecret, secretsMadeBy } from './secret-makers.ts'

export interface ManifestViewOptions {
  /** The namespace of an object that names none. */
  readonly namespace?: string
  /**
   * Whether a Secret that is not there is unknown in a namespace that holds no pull secret: a repository is often kept without
   * its Secrets.
   */
  readonly sparse?: boolean
  /**
   * Whether the objects are what will be given to a cluster, rather than what is in one: then a Secret may be encrypted, or a
   * placeholder, or be made by something else.
   */
  readonly files?: boolean
  /** With `names` all that is known of a Secret is whether it is a pull secret, as with a cluster. */
  readonly secrets?: SecretExtent
  /** Further kinds that make Secrets. */
  readonly producers?: readonly KindPath[]
}

/** A cluster that consists of manifests. What is held is all there is, so a live read finds the same. */
export class ManifestView implements View, LiveReads {
  readonly #secrets = new Map<string, Map<string, SecretReading>>()
  /** Names of Secrets that are made in any namespace. */
  readonly #everywhere = new Set<string>()
  /** Namespaces with a Secret that is meant to pull, or of which all Secrets are known. */
  readonly #withPullSecret = new Set<string>()
  readonly #indexes = new Map<string, CredentialIndex>()
  readonly #accounts = new Map<string, ServiceAccount>()
  readonly #namespaces = new Map<string, Namespace>()
  readonly #fallback: string
  readonly #sparse: boolean
  readonly #takesFiles: boolean
  readonly #namesOnly: boolean
  readonly #producers: readonly KindPath[]

  constructor(manifests: readonly Manifest[], options: ManifestViewOptions = {}) {
    const { namespace = 'default', sparse = false, files = false, secrets = 'contents', producers = [] } = options
    this.#takesFiles = files
    this.#sparse = sparse
    this.#namesOnly = secrets === 'names'
    this.#fallback = namespace
    this.#producers = producers
    for (const manifest of manifests) this.hold(manifest)
  }

  /** Takes an object in, if it is of a kind that is held. */
  hold({ apiVersion, kind, object }: Pick<Manifest, 'apiVersion' | 'kind' | 'object'>): void {
    const name = getString(object, 'metadata', 'name')
    const namespace = getString(object, 'metadata', 'namespace') || this.#fallback
    if (this.#takesFiles)
      for (const made of secretsMadeBy({ apiVersion, kind, object }, this.#producers)) this.#holdMade(made)
    if (name === undefined || apiVersion !== 'v1') return
    if (kind === 'Secret') this.#holdSecret(object, namespace)
    if (kind === 'ServiceAccount') this.#accounts.set(`${namespace}/${name}`, stripServiceAccount(object, name))
    if (kind === 'Namespace') this.#namespaces.set(name, stripNamespace(object, name))
  }

  /** Takes in what a cluster holds, beneath the manifests: what those have of the same name takes its place. */
  holdKnown({ name, namespace, secrets = [], hasAllSecrets, accounts = [] }: KnownNamespace): void {
    if (namespace !== undefined && !this.#namespaces.has(name)) this.#namespaces.set(name, namespace)
    for (const account of accounts) {
      const key = `${name}/${account.name}`
      if (!this.#accounts.has(key)) this.#accounts.set(key, account)
    }
    if (hasAllSecrets) this.#withPullSecret.add(name)
    const held = this.#secretsOf(name)
    for (const { reading } of secrets) {
      if (!held.has(reading.name)) this.#put(this.#namesOnly ? withoutContents(reading) : reading, name)
    }
  }

  /** Objects that are held, of all kinds. */
  get size(): number {
    const secrets = [...this.#secrets.values()].reduce((sum, { size }) => sum + size, 0)
    return secrets + this.#accounts.size + this.#namespaces.size
  }

  secret(namespace: string, name: string): Known<SecretReading> {
    const held = this.#secrets.get(namespace)?.get(name)
    if (held !== undefined) return { state: 'value', value: held }
    if (this.#everywhere.has(name)) return { state: 'value', value: unread(name) }
    return this.#isUnknown(namespace) ? UNKNOWN : ABSENT
  }

  secretNames(namespace: string): Iterable<string> {
    return [...(this.#secrets.get(namespace)?.keys() ?? []), ...this.#everywhere]
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

  isSettled(): boolean {
    return true
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
    return images.length > 0 && this.#isUnknown(namespace) ? UNKNOWN : undefined
  }

  noteMisses(): void {}

  readServiceAccount(namespace: string, name: string): Promise<Known<ServiceAccount>> {
    return Promise.resolve(this.serviceAccount(namespace, name))
  }

  readNamespace(name: string): Promise<Known<Namespace>> {
    return Promise.resolve(this.namespace(name))
  }

  /** Nothing is known of its contents, and it may well be there. */
  #holdMade({ name, namespace = this.#fallback, everywhere, isPullSecret }: MadeSecret): void {
    if (everywhere) this.#everywhere.add(name)
    else this.#secretsOf(namespace).set(name, unread(name))
    if (isPullSecret) this.#withPullSecret.add(namespace)
  }

  #secretsOf(namespace: string): Map<string, SecretReading> {
    const known = this.#secrets.get(namespace)
    if (known !== undefined) return known
    const secrets = new Map<string, SecretReading>()
    this.#secrets.set(namespace, secrets)
    return secrets
  }

  #isUnknown(namespace: string): boolean {
    return this.#sparse && !this.#withPullSecret.has(namespace)
  }

  #holdSecret(object: unknown, namespace: string): void {
    const checked = checkSecret(object)
    const whole = 'fault' in checked ? undefined : readSecretObject(checked.value)
    if (whole === undefined) return
    const isFinal = !this.#takesFiles || !isUnreadable(object)
    const reading = this.#namesOnly ? withoutContents(whole) : isFinal ? whole : unread(whole.name)
    const secrets = this.#secretsOf(namespace)
    if (isMeantAsPullSecret(object)) this.#withPullSecret.add(namespace)
    // What another object makes, is made over what stands here.
    if (secrets.get(reading.name)?.kind !== 'unread') this.#put(reading, namespace)
  }

  #put(reading: SecretReading, namespace: string): void {
    this.#secretsOf(namespace).set(reading.name, reading)
    const index = this.#indexes.get(namespace) ?? new CredentialIndex()
    this.#indexes.set(namespace, index)
    if (reading.kind === 'pullSecret') index.add(reading)
    else index.remove(reading)
  }
}

function unread(name: string): SecretReading {
  return { kind: 'unread', name }
}

function found<T>(value: T | undefined): Known<T> {
  return value === undefined ? ABSENT : { state: 'value', value }
}
