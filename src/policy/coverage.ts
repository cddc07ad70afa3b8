import type { Entry } from '../registry/docker-config.ts'
import { type Credential, lookup } from '../registry/keyring.ts'
import type { PullSecret } from '../registry/secret.ts'
import { type ImageUse, type PodFacts, secretState } from './facts.ts'

/**
 * What the listed pull secrets do for one image.
 *
 * | among the known pull secrets          | a listed Secret is unknown | coverage  |
 * | ------------------------------------- | -------------------------- | --------- |
 * | a usable entry that has not expired   | either                     | covered   |
 * | anything else                         | yes                        | unknown   |
 * | usable entries, every one has expired | no                         | expired   |
 * | none                                  | no                         | uncovered |
 */
type Coverage = 'covered' | 'expired' | 'uncovered' | 'unknown'

/** The coverage of an image, and every entry that matches it, in the order in which the kubelet would try them. */
export interface Cover {
  readonly coverage: Coverage
  readonly credentials: readonly Credential<PullSecret>[]
}

/** What a list of references comes to. */
export interface Keyring {
  /** Those that are known to be pull secrets, in the order of the list. */
  readonly secrets: readonly PullSecret[]
  /** Whether there may be more of them than that. */
  readonly unknown: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Makes the keyring of these names, for any number of images.
 *
 * A Secret that is missing, malformed or of another type holds nothing here: that it breaks the keyring of the whole Pod
 * is a finding of its own.
 */
export function keyringOf(names: readonly string[], facts: PodFacts): Keyring {
  const states = names.map(name => secretState(facts, name))
  const secrets = states.flatMap(state =>
    state.state === 'value' && state.value.kind === 'pullSecret' ? [state.value] : [],
  )
  return { secrets, unknown: states.some(({ state }) => state === 'unknown'), now: facts.now }
}

/** Looks an image up in a keyring. */
export function coverImage({ name }: ImageUse, { secrets, unknown, now }: Keyring): Cover {
  if (name === undefined) return { coverage: 'uncovered', credentials: [] }
  const credentials = lookup(secrets, name)
  const usable = credentials.filter(({ entry }) => entry.usable)
  if (usable.some(({ entry }) => !hasExpired(entry, now))) return { coverage: 'covered', credentials }
  if (unknown) return { coverage: 'unknown', credentials }
  return { coverage: usable.length > 0 ? 'expired' : 'uncovered', credentials }
}

/** Whether an image is covered by a keyring. */
export function isCovered(use: ImageUse, keyring: Keyring): boolean {
  return coverImage(use, keyring).coverage === 'covered'
}

/** Whether an entry says when it expires, and that has passed. */
export function hasExpired(entry: Entry, now: number): boolean {
  return entry.expires !== undefined && entry.expires <= now
}
