import type { Credential } from '../registry/keyring.ts'
import type { PullSecret, SecretReading } from '../registry/secret.ts'
import type { Keyring } from './coverage.ts'
import type { ImageReading, Rulebook } from './rulebook.ts'

/** An answer about the cluster. Unknown is not absent: nobody is told anything on the strength of an unknown. */
export type Known<T> = { readonly state: 'value'; readonly value: T } | Absent | Unknown
interface Absent {
  readonly state: 'absent'
}
interface Unknown {
  readonly state: 'unknown'
}

/** What regcred keeps of a Namespace: our labels and annotation as written, and nothing else. */
export interface Namespace {
  readonly name: string
  /** Label `regcred.dev/mode`. */
  readonly mode?: string
  /** Label `regcred.dev/inject`. */
  readonly inject?: string
  /** Annotation `regcred.dev/pull-secrets`, e.g. `a,b`. */
  readonly pullSecrets?: string
}

/** What regcred keeps of a ServiceAccount. */
export interface ServiceAccount {
  readonly name: string
  /** Names in `imagePullSecrets`, in order. */
  readonly references: readonly string[]
  /** Annotation `kubernetes.io/enforce-mountable-secrets: "true"`: the API server refuses references that are not listed. */
  readonly enforcesMountable: boolean
}

/** An image of a Pod, and what its name says. */
export interface ImageUse extends ImageReading {
  /** Name of the container, or of the volume for an image volume. */
  readonly container: string
  /** As written. */
  readonly image: string
  /** It may have to be pulled: every `imagePullPolicy` but `Never`. */
  readonly pulled: boolean
}

/** Who brought a reference onto the Pod; decides whom a finding about it concerns. */
export type Origin = 'object' | 'serviceAccount' | 'configuration'

export interface Reference {
  readonly secret: string
  readonly origin: Origin
}

/** Where a written-down name stands: in the order in which they are taken. */
export type WrittenSource = 'configuration' | 'rule' | 'namespace' | 'pod'

export interface WrittenName {
  readonly secret: string
  readonly source: WrittenSource
}

/** What is known of a Secret that evaluation asks for by name. */
export type SecretState = Known<SecretReading>

/** Everything about one Pod, or about the Pod that a template will make, that planning and evaluation need. */
export interface PodFacts {
  /** A template's Pod does not exist yet: what is missing today may be there by then. */
  readonly about: 'pod' | 'template'
  /**
   * How complete it is: `written` by its author, so that its ServiceAccount's references and the plan are still to come;
   * `mutating`, so that only the plan is; `stored`, so that what is not on it now never will be.
   */
  readonly form: 'written' | 'mutating' | 'stored'
  /** What was asked for; only a Pod that is being created can still be given references. */
  readonly change: 'create' | 'update' | 'ephemeral'
  readonly namespace: string
  /** Annotation `kubernetes.io/config.mirror`: a static Pod's shadow, which may reference nothing. */
  readonly mirror: boolean
  /** Annotation `regcred.dev/inject: disabled`. */
  readonly optedOut: boolean
  readonly images: readonly ImageUse[]
  /**
   * In the order of the Pod, without empty names, which the kubelet skips. What its author wrote without any has its
   * ServiceAccount's, as the API server would copy them. Each name once.
   */
  readonly references: readonly Reference[]
  /** The keyring that the references make. */
  readonly listed: Keyring
  /** Each name once, at its first source. */
  readonly written: readonly WrittenName[]
  /** What is known of the Secret of this name in the namespace of the Pod; always the same. */
  secret(name: string): SecretState
  /** The names for which that was asked, and nothing is known. */
  unknownSecrets(): readonly string[]
  /**
   * By image as written, of those that the references do not cover: every entry of the namespace's pull secrets that the
   * kubelet would try for it if its Secret were the only one.
   */
  readonly matches: ReadonlyMap<string, readonly Credential<PullSecret>[]>
  /** The pull secrets of the namespace could not be read, so that `matches` may lack one. */
  readonly matchesUnknown: boolean
  /** By missing name: the nearest name of a Secret in the same namespace. */
  readonly near: ReadonlyMap<string, string>
  readonly namespaceState: Known<Namespace>
  readonly serviceAccount: Known<ServiceAccount>
  readonly rulebook: Rulebook
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Everything about a Secret of a pull-secret type that evaluation needs. */
export interface SecretFacts {
  readonly about: 'secret'
  readonly namespace: string
  readonly reading: SecretReading
  readonly namespaceState: Known<Namespace>
  readonly rulebook: Rulebook
  readonly now: number
}

/** Everything about a Namespace that evaluation needs. */
export interface NamespaceFacts {
  readonly about: 'namespace'
  readonly namespace: Namespace
  readonly rulebook: Rulebook
}

/** Whether a Secret is there, of the right type, and nothing more can be found out about it. */
export function isUnread(state: SecretState): boolean {
  return state.state === 'value' && state.value.kind === 'unread'
}
