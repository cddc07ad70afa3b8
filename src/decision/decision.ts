import type { Operation } from 'fast-json-patch'

/** What becomes of a request, free of wire versions. */
export interface Decision {
  readonly allowed: boolean
  /** Appends to `spec.imagePullSecrets` and touches nothing else. */
  readonly patch?: readonly Operation[]
  /** Without a `Warning:` prefix, which kubectl prints itself. */
  readonly warnings: readonly string[]
  /** Why the request was refused, and what to do. */
  readonly refusal?: string
  /** The API server puts the name of the webhook before each key. */
  readonly annotations: Readonly<Record<string, string>>
}

/** Lets a request through and says nothing. */
export const ALLOWED: Decision = { allowed: true, warnings: [], annotations: {} }
