import type { Operation } from 'fast-json-patch'

/** Why nobody knows whether an object is one to refuse: its mode, or what matters of it, could not be read; or it is too much. */
export type Doubt = 'namespace' | 'unread' | 'tooMuch'

/** What becomes of a request, free of wire versions. */
export interface Decision {
  readonly allowed: boolean
  /** Appends to `spec.imagePullSecrets` and touches nothing else. */
  readonly patch?: readonly Operation[]
  /** Without a `Warning:` prefix, which kubectl prints itself. */
  readonly warnings: readonly string[]
  /** Why the request was refused, and what to do. */
  readonly refusal?: string
  /** Who is refused is to try again after so many seconds: it is not known yet whether anything is wrong. */
  readonly retryAfterSeconds?: number
  /** It was let through in doubt. */
  readonly unconfirmed?: Doubt
  /** In mode audit: mode enforce would refuse it. */
  readonly wouldRefuse?: true
  /** The API server puts the name of the webhook before each key. */
  readonly annotations: Readonly<Record<string, string>>
}

/** Lets a request through and says nothing. */
export const ALLOWED: Decision = { allowed: true, warnings: [], annotations: {} }
