import type { Origin } from './facts.ts'

/** Every kind of finding, with the fixed short reason that metrics and the log carry. */
export const FINDING_REASONS = {
  SecretNotFound: 'a referenced Secret does not exist',
  SecretWrongType: 'a referenced Secret is no pull secret',
  SecretWithoutCredentials: 'a pull secret holds no usable entry',
  SecretMalformed: 'a pull secret cannot be parsed',
  ImageNotCovered: 'no pull secret covers an image',
  CredentialsExpired: 'the credentials for an image have expired',
  ImageInvalid: 'an image name cannot be parsed',
  NotInjected: 'there was no mutating call, or no answer in time',
  EntryCoversNothing: 'an entry can match no image',
  LabelInvalid: 'a label has a value that does not exist',
} as const

export type FindingCode = keyof typeof FINDING_REASONS

/**
 * What a finding does to the Pod: `blocks` (an image will not be pulled with these pull secrets), `mayBlock` (it depends on
 * what nobody here can know), `degrades` (it pulls, but something is off).
 */
export type Effect = 'blocks' | 'mayBlock' | 'degrades'

/** One thing that is wrong. */
export interface Finding {
  readonly code: FindingCode
  readonly effect: Effect
  readonly secret?: string
  readonly container?: string
  readonly image?: string
  /** The near name, or the key that would work. */
  readonly suggestion?: string
  /** Who brought the reference that this is about; `object` for everything else. */
  readonly origin: Origin
  /** An image that configuration calls private is affected. */
  readonly affectsPrivate: boolean
  /** One line with names, never with a byte of a credential. */
  readonly message: string
}

const RANK: Readonly<Record<Effect, number>> = { degrades: 0, mayBlock: 1, blocks: 2 }

/** The graver of two effects. */
export function worse(a: Effect, b: Effect): Effect {
  return RANK[a] >= RANK[b] ? a : b
}

/** The milder of two effects. */
export function atMost(limit: Effect, effect: Effect): Effect {
  return RANK[effect] <= RANK[limit] ? effect : limit
}
