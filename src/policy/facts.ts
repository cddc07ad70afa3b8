import type { Home } from '../advice/home.ts'
import type { SecretPlace } from '../advice/on-secrets.ts'
import type { ImageName } from '../kubelet/image-name.ts'
import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret, SecretReading } from '../kubelet/secret.ts'
import type { Budget } from '../runtime/budget.ts'
import type { Keyring } from './coverage.ts'
import type { ImageUse } from './image-use.ts'
import type { Known, Namespace, SecretState, ServiceAccount } from './known.ts'
import type { Reference, WrittenName } from './reference.ts'
import type { Rulebook } from './rulebook.ts'
import type { MissingSecrets } from './settings.ts'

/** What a Pod is, and what becomes of it. */
export interface PodTraits {
  /** A template's Pod does not exist yet: what is missing today may be there by then. */
  readonly about: 'pod' | 'template'
  /**
   * How complete it is: `written` by its author, so that its ServiceAccount's references and the plan are still to come;
   * `mutating`, so that only the plan is; `stored`, so that what is not on it now never will be.
   */
  readonly form: 'written' | 'mutating' | 'stored'
  /** What was asked for; only a Pod that is being created can still be given references. */
  readonly change: 'create' | 'update' | 'ephemeral'
  /** Annotation `kubernetes.io/config.mirror`: a static Pod's shadow, which may reference nothing. */
  readonly mirror: boolean
  /** Annotation `regcred.dev/inject: disabled`. */
  readonly optedOut: boolean
}

/** Everything about one Pod, or about the Pod that a template will make, that is known before evaluation begins. Plain data. */
export interface PodFacts {
  readonly traits: PodTraits
  /** Where it is changed, for who is told what to do. */
  readonly home: Home
  readonly namespace: string
  readonly images: readonly ImageUse[]
  /**
   * In the order of the Pod, without empty names, which the kubelet skips. What its author wrote without any has its
   * ServiceAccount's, as the API server would copy them. Each name once.
   */
  readonly references: readonly Reference[]
  /** What else is known to be pulled: by the other objects of the input. Nothing of a cluster, whose workloads nobody watches. */
  readonly otherImages: readonly ImageName[]
  /** The pull secrets of the namespace could not be read, so that what matches an image may lack one. */
  readonly matchesUnknown: boolean
  readonly namespaceState: Known<Namespace>
  readonly serviceAccount: Known<ServiceAccount>
  readonly rulebook: Rulebook
  /** As configured for a review; on a dry run, in which nothing else of an application arrives, never. */
  readonly missingSecrets: MissingSecrets
  /** Milliseconds since the epoch. */
  readonly now: number
  /**
   * Where the object is a file, judged as it is written: whoever wrote it can list what would help. `strict` takes what is not
   * in the files as absent for good.
   */
  readonly inFile?: { readonly strict: boolean } | undefined
  /** A file without references whose ServiceAccount, which may bring some, is not among the files. */
  readonly referencesUnknown?: boolean
}

/** A Secret of a similar name. */
export interface NearName {
  readonly name: string
  /** No other name of the namespace is similar as well. */
  readonly isOnly: boolean
}

/**
 * What evaluation asks for while it runs, all of the namespace of the Pod. Most Pods have nothing wrong with them, and are
 * asked little of. The same question has the same answer, however often it is asked.
 */
export interface NamespaceLookup {
  /** What is known of the Secret of this name. */
  secret(name: string): SecretState
  /**
   * Every entry of the namespace's pull secrets that the kubelet would try for the image if its Secret were the only one.
   */
  matches(image: ImageUse): readonly Credential<PullSecret>[]
  /** The name of a pull secret that is near a missing one; undefined where none is, or enough have been looked for. */
  nearName(missing: string): NearName | undefined
  /** The names that configuration and annotations write down for the Pod, each once, at its first source. */
  writtenNames(): readonly WrittenName[]
  /** Whether what is known of its pull secrets is fresh enough to add one to a Pod. */
  isSettled(): boolean
}

/** A Pod as it is evaluated: its facts, what may be asked, and the keyring that its references make. */
export interface PodCase {
  readonly facts: PodFacts
  readonly lookup: NamespaceLookup
  readonly listed: Keyring
  /** Of the whole review, however often it is assessed. */
  readonly budget: Budget
}

/** Everything about a Secret of a pull-secret type that evaluation needs. */
export interface SecretFacts {
  readonly about: 'secret'
  readonly place: SecretPlace
  readonly reading: SecretReading
  /** Codes that its annotation `regcred.dev/ignore` names. */
  readonly ignored: readonly string[]
  readonly namespaceState: Known<Namespace>
  readonly rulebook: Rulebook
  readonly now: number
  readonly budget: Budget
}

/** Everything about a Namespace that evaluation needs. */
export interface NamespaceFacts {
  readonly about: 'namespace'
  readonly namespace: Namespace
  readonly isFile: boolean
  readonly notStrings: readonly NotString[]
  readonly rulebook: Rulebook
}

/** A label or annotation of ours with a value that is no string, e.g. the false that YAML 1.1 makes of off. */
export interface NotString {
  readonly key: string
  readonly value: unknown
}
