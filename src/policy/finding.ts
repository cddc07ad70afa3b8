import type { Told } from '../advice/advice.ts'
import type { Origin } from './reference.ts'

/** What there is to know of a kind of finding beside where it is made. */
interface FindingKind {
  /** A fixed short phrase, which metrics and the log carry. */
  readonly reason: string
  /** It says that an image has no credentials, and may be left out where another finding explains that. */
  readonly isNoCover: boolean
  /** It says why a reference gives nothing; a person need not be told of the uncovered images as well. */
  readonly explainsNoCover: boolean
  /** It is made in the place of ImageNotCovered: of every image of the Pod, or of those that its Secret covers. */
  readonly insteadOfNoCover: 'everyImage' | 'itsImages' | 'none'
  /** It follows from the object alone, so no live read can change it. */
  readonly fromObjectAlone: boolean
  /** What findings of this code share if they have one cause, so that one warning tells of them all. */
  readonly oneWarningFor: 'messageButImage' | 'codeUnlessSuggested' | 'secret' | 'image' | 'message'
}

const ORDINARY = {
  isNoCover: false,
  explainsNoCover: false,
  insteadOfNoCover: 'none',
  fromObjectAlone: false,
} as const
const OF_REFERENCE = { ...ORDINARY, explainsNoCover: true, oneWarningFor: 'message' } as const

/** Every code of a finding, and what is particular about it. Nothing else in the program knows a code by its name. */
export const FINDINGS = {
  SecretNotFound: {
    ...OF_REFERENCE,
    reason: 'a Secret in imagePullSecrets does not exist',
    oneWarningFor: 'codeUnlessSuggested',
  },
  SecretWrongType: { ...OF_REFERENCE, reason: 'a Secret in imagePullSecrets is not a pull secret' },
  SecretWithoutCredentials: { ...OF_REFERENCE, reason: 'a pull secret holds no usable credentials' },
  SecretMalformed: { ...OF_REFERENCE, reason: 'a pull secret is broken', insteadOfNoCover: 'everyImage' },
  ImageNotCovered: {
    ...ORDINARY,
    reason: 'no pull secret has credentials for an image',
    isNoCover: true,
    oneWarningFor: 'messageButImage',
  },
  CredentialsExpired: { ...ORDINARY, reason: 'the credentials for an image have expired', oneWarningFor: 'secret' },
  ImageInvalid: {
    ...ORDINARY,
    reason: 'an image name is not valid',
    fromObjectAlone: true,
    oneWarningFor: 'image',
  },
  NotInjected: {
    ...ORDINARY,
    reason: 'a pull secret was not added in time',
    insteadOfNoCover: 'itsImages',
    oneWarningFor: 'secret',
  },
  EntryCoversNothing: {
    ...ORDINARY,
    reason: 'a registry in a pull secret never matches an image',
    oneWarningFor: 'message',
  },
  EntryWithoutCredentials: {
    ...ORDINARY,
    reason: 'a registry in a pull secret has no user name or no password',
    oneWarningFor: 'message',
  },
  CredentialsDoubtful: {
    ...ORDINARY,
    reason: 'a password in a pull secret ends in a line break or a blank',
    oneWarningFor: 'message',
  },
  LabelInvalid: { ...ORDINARY, reason: 'a label has an unknown value', oneWarningFor: 'message' },
} as const satisfies Readonly<Record<string, FindingKind>>

export type FindingCode = keyof typeof FINDINGS

/** What is particular about a code. */
export function kindOf(code: FindingCode): FindingKind {
  return FINDINGS[code]
}

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(FINDINGS, text)
}

/**
 * What a finding does to the Pod: `blocks` (an image will not be pulled with these pull secrets), `mayBlock` (it depends on
 * what nobody here can know), `degrades` (it pulls, but something is off).
 */
export type Effect = 'blocks' | 'mayBlock' | 'degrades'

/**
 * One thing that is wrong. What is told of it is one line for who asked for the review, or reads the manifests himself: it may name
 * other Secrets, keys, types and times. What more people may read is made by `recordFindings`. Never with a byte of a credential.
 */
export interface Finding extends Told {
  readonly code: FindingCode
  readonly effect: Effect
  readonly secret?: string
  readonly container?: string
  readonly image?: string
  /** What was probably meant. */
  readonly suggestion?: Suggestion
  /** Who brought the reference that this is about; `object` for everything else. */
  readonly origin: Origin
  /** An image that configuration calls private is affected. */
  readonly affectsPrivate: boolean
}

/** What was probably meant: another Secret of the namespace, a key of a docker config, or a value that exists. */
interface Suggestion {
  readonly of: 'secret' | 'key' | 'value'
  readonly text: string
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
