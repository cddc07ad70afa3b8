import type { Credential } from '../registry/keyring.ts'
import type { PullSecret } from '../registry/secret.ts'
import { compareSpecificity, hasPath } from '../registry/specificity.ts'
import { hasExpired } from './coverage.ts'
import type { ImageUse, PodFacts } from './facts.ts'

/** The pull secret that match would add for an image, or the one that comes nearest and why it is not added. */
export type MatchOutcome =
  | { readonly secret: string; readonly reason?: undefined }
  | { readonly secret: string; readonly reason: 'registryNotEligible' | 'notUsable' | 'mountableSecretsEnforced' }
  | { readonly secret?: undefined }

/**
 * Finds the one pull secret of the namespace that fits an image best: the most specific entry, then the first by name.
 *
 * | image is                    | entries that count               |
 * | --------------------------- | -------------------------------- |
 * | private, unlisted           | usable, unexpired                |
 * | mixed                       | those of them that name a path   |
 * | public, node                | none                             |
 *
 * It is careful because with a matching credential there is no anonymous fallback: one revoked token would break the
 * public images of the same registry.
 */
export function matchImage(use: ImageUse, facts: PodFacts, mayReference: (secret: string) => boolean): MatchOutcome {
  const candidates = [...(facts.matches.get(use.image) ?? [])].sort(bestFirst)
  const [best] = candidates
  if (best === undefined) return {}
  const usable = candidates.filter(({ secret, entry }) => {
    return entry.usable && !secret.generated && !hasExpired(entry, facts.now)
  })
  const [usableBest] = usable
  if (usableBest === undefined) return { secret: best.secret.name, reason: 'notUsable' }
  const eligible = usable.filter(({ entry }) => isEligible(use, entry.key))
  const [eligibleBest] = eligible
  if (eligibleBest === undefined) return { secret: usableBest.secret.name, reason: 'registryNotEligible' }
  const allowed = eligible.find(({ secret }) => mayReference(secret.name))
  if (allowed === undefined) return { secret: eligibleBest.secret.name, reason: 'mountableSecretsEnforced' }
  return { secret: allowed.secret.name }
}

function isEligible(use: ImageUse, key: string): boolean {
  if (use.registryClass === 'mixed') return hasPath(key)
  return use.registryClass === 'private' || use.registryClass === 'unlisted'
}

function bestFirst(a: Credential<PullSecret>, b: Credential<PullSecret>): number {
  return compareSpecificity(b.entry, a.entry) || (a.secret.name < b.secret.name ? -1 : 1)
}
