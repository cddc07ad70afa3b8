import type { ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../kubelet/secret.ts'
import type { Known, Namespace, ServiceAccount } from '../policy/known.ts'
import type { StepCounter } from '../runtime/budget.ts'

/** A cache of the cluster: answers at once, without I/O, and may be behind by as much as a watch lags. */
export interface View {
  /** Absent for a Secret of another type than the two of pull secrets where only those are followed. */
  secret(namespace: string, name: string): Known<SecretReading>
  /** The names of all Secrets of this namespace that are in the cache. */
  secretNames(namespace: string): Iterable<string>
  /** Every entry of the namespace's pull secrets that the kubelet would try for this image, in no particular order. */
  credentials(namespace: string, image: ImageName, steps?: StepCounter): readonly Credential<PullSecret>[]
  serviceAccount(namespace: string, name: string): Known<ServiceAccount>
  namespace(name: string): Known<Namespace>
  /**
   * Whether what it says of the pull secrets of a namespace is fresh enough to act on: none was deleted or changed in the last
   * five seconds, and it has heard of the cluster in the last minute.
   */
  isSettled(namespace: string): boolean
}

/** How fresh and how fast a live read has to be. */
export interface ReadOptions {
  /** Milliseconds after which the answer is unknown. */
  readonly timeout: number
  /** The same, where it may be longer as long as few reads of its namespace are waited for. */
  readonly patience?: number
  /** Whether an answer that is at most a second old will do (for those whom it is not told to). */
  readonly shared: boolean
}

/** The Secrets of one namespace, as it was read as a whole. */
export interface NamespaceSecrets {
  /** Of any type; absent for one that is not there. */
  get(name: string): Known<SecretReading>
  /** The pull secrets (and malformed Secrets of their types) among them; undefined where the cache has the same. */
  readonly pullSecrets: Known<readonly SecretReading[]> | undefined
}

/** Reads that reach the cluster and begin after they were asked for. They resolve to unknown rather than reject. */
export interface LiveReads {
  readSecret(namespace: string, name: string, options: ReadOptions): Promise<Known<SecretReading>>
  /** All Secrets of one namespace: what costs less than some of them by name. */
  readSecrets(namespace: string, options: ReadOptions): Promise<Known<NamespaceSecrets>>
  /**
   * All pull secrets (and malformed Secrets of their types) of one namespace, to find one that fits these images. Undefined
   * where there is no image, or all of them were missed a moment ago.
   */
  lookForMatch(
    namespace: string,
    images: readonly string[],
    options: ReadOptions,
  ): Promise<Known<readonly SecretReading[]> | undefined>
  /** No pull secret that {@link lookForMatch} found is of any use for these images, so that looking again can wait. */
  noteMisses(namespace: string, images: readonly string[]): void
  readServiceAccount(namespace: string, name: string, options: ReadOptions): Promise<Known<ServiceAccount>>
  readNamespace(name: string, options: ReadOptions): Promise<Known<Namespace>>
}

/** A Secret of a cluster: its type, and how the kubelet would read it. */
export interface KnownSecret {
  readonly type: string
  readonly reading: SecretReading
}

/** What was once read of a namespace of a cluster. Nothing is said of what is undefined. */
export interface KnownNamespace {
  readonly name: string
  /** Its labels and its annotation of ours. */
  readonly namespace: Namespace | undefined
  /** All its Secrets; or some of them, and then nothing is said of any other. */
  readonly secrets: readonly KnownSecret[] | undefined
  readonly hasAllSecrets: boolean
  readonly accounts: readonly ServiceAccount[] | undefined
}
