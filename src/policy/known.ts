import type { SecretReading } from '../kubelet/secret.ts'

/** An answer about the cluster. Unknown is not absent: nobody is told anything on the strength of an unknown. */
export type Known<T> = { readonly state: 'value'; readonly value: T } | Absent | Unknown

export interface Absent {
  readonly state: 'absent'
}

export interface Unknown {
  readonly state: 'unknown'
}

export const ABSENT: Absent = { state: 'absent' }
export const UNKNOWN: Unknown = { state: 'unknown' }

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
  /** The keys of its annotations, which credential providers of the kubelet may require; undefined if there are too many to keep. */
  readonly annotations: readonly string[] | undefined
}

/** What is known of a Secret that evaluation asks for by name. */
export type SecretState = Known<SecretReading>

/** Whether a Secret is there, of the right type, and nothing more can be found out about it. */
export function isUnread(state: SecretState): boolean {
  return state.state === 'value' && state.value.kind === 'unread'
}
