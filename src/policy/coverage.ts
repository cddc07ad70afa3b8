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
 * | usable entries, every one has expired | either                     | expired   |
 * | none                                  | yes                        | unknown   |
 * | none                                  | no                         | uncovered |
 */
type Coverage = 'covered' | 'expired' | 'uncovered' | 'unknown'

/** The coverage of an image, and every entry that matches it, in the order in which the kubelet would try them. */
export interface Cover {
  readonly coverage: Coverage
  readonly credentials: readonly Credential<PullSecret>[]
}

/**
 * Looks an image up in the pull secrets of these names.
 *
 * A Secret that is missing, malformed or of another type holds nothing here: that it breaks the keyring of the whole Pod
 * is a finding of its own.
 */
export function coverImage(use: ImageUse, names: readonly string[], facts: PodFacts): Cover {
  if (use.name === undefined) return { coverage: 'uncovered', credentials: [] }
  const states = names.map(name => secretState(facts, name))
  const secrets: PullSecret[] = []
  for (const state of states) {
    if (state.state === 'value' && state.value.kind === 'pullSecret') secrets.push(state.value)
  }
  const credentials = lookup(secrets, use.name)
  const usable = credentials.filter(({ entry }) => entry.usable)
  if (usable.some(({ entry }) => !hasExpired(entry, facts.now))) return { coverage: 'covered', credentials }
  if (usable.length > 0) return { coverage: 'expired', credentials }
  const unknown = states.some(state => state.state === 'unknown')
  return { coverage: unknown ? 'unknown' : 'uncovered', credentials }
}

/** Whether an entry says when it expires, and that has passed. */
export function hasExpired(entry: Entry, now: number): boolean {
  return entry.expires !== undefined && entry.expires <= now
}
