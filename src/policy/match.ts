import type { Credential } from '../kubelet/keyring.ts'
import type { PullSecret } from '../kubelet/secret.ts'
import { compareSpecificity, hasPath } from '../kubelet/specificity.ts'
import { hasExpired } from './coverage.ts'
import type { PodCase } from './facts.ts'
import type { ImageUse } from './image-use.ts'

/** The pull secret that match would add for an image, or the one that comes nearest and why it is not added. */
export type MatchOutcome =
  | { readonly secret: string; readonly reason?: undefined }
  | { readonly secret: string; readonly reason: 'registryNotEligible' | 'notUsable' | 'mountableSecretsEnforced' }
  | { readonly secret?: undefined; readonly reason?: undefined }

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
export function matchImage(
  use: ImageUse,
  { facts, lookup, budget }: PodCase,
  mayReference: (secret: string) => boolean,
): MatchOutcome {
  const candidates = lookup.matches(use)
  // They are gone through several times.
  if (!budget.spend(8 * candidates.length)) return {}
  const usable = candidates.filter(({ secret, entry }) => {
    return entry.usable && !secret.generated && !hasExpired(entry, facts.now)
  })
  const eligible = usable.filter(({ entry }) => isEligible(use, entry.key))
  const allowed = eligible.filter(({ secret }) => mayReference(secret.name))
  const turns = [
    { reason: undefined, left: allowed },
    { reason: 'mountableSecretsEnforced', left: eligible },
    { reason: 'registryNotEligible', left: usable },
    { reason: 'notUsable', left: candidates },
  ] as const
  for (const { reason, left } of turns) {
    const best = findBest(left)
    if (best !== undefined) return { secret: best.secret.name, reason }
  }
  return {}
}

function isEligible(use: ImageUse, key: string): boolean {
  if (use.registryClass === 'mixed') return hasPath(key)
  return use.registryClass === 'private' || use.registryClass === 'unlisted'
}

/** In one pass: a namespace may hold a thousand pull secrets for one registry. */
function findBest(credentials: readonly Credential<PullSecret>[]): Credential<PullSecret> | undefined {
  let best: Credential<PullSecret> | undefined
  for (const next of credentials) if (best === undefined || isBetter(next, best)) best = next
  return best
}

function isBetter(a: Credential<PullSecret>, b: Credential<PullSecret>): boolean {
  const difference = compareSpecificity(a.entry, b.entry)
  return difference > 0 || (difference === 0 && a.secret.name < b.secret.name)
}
