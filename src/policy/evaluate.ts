import type { NamespaceFacts, SecretFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import { findExpiredCredentials } from './findings/credentials-expired.ts'
import { findInvalidImages } from './findings/image-invalid.ts'
import { findUncoveredImages } from './findings/image-not-covered.ts'
import { findInvalidLabels } from './findings/label-invalid.ts'
import { findLostPlan } from './findings/not-injected.ts'
import { findUselessReferences } from './findings/reference.ts'
import { findFaultsOfSecret } from './findings/secret.ts'
import type { Judgement } from './judgement.ts'
import type { Rulebook } from './rulebook.ts'

/** Says everything that is wrong with a Secret or a Namespace. Pure: modes, audience and time are applied outside. */
export function evaluate(facts: SecretFacts | NamespaceFacts): readonly Finding[] {
  if (facts.about === 'namespace') return withoutIgnored(findInvalidLabels(facts), facts.rulebook)
  return withoutIgnored(findFaultsOfSecret(facts), facts.rulebook).filter(({ code }) => !facts.ignored.includes(code))
}

/**
 * The same of a Pod, or of the Pod that a template will make. What is ignored is taken out before anything is made in whose
 * place it could stand: that it is not said of a Pod takes the place of nothing else.
 */
export function evaluatePod(judgement: Judgement): readonly Finding[] {
  const { facts } = judgement.pod
  const kept = (found: readonly Finding[]) => withoutIgnored(found, facts.rulebook)
  const before = kept([
    ...findInvalidImages(facts),
    ...findUselessReferences(judgement),
    ...findExpiredCredentials(judgement),
  ])
  const lost = kept(findLostPlan(judgement, before))
  return [...before, ...lost, ...kept(findUncoveredImages(judgement, [...before, ...lost]))]
}

function withoutIgnored(found: readonly Finding[], { settings }: Rulebook): readonly Finding[] {
  return settings.ignore.length === 0 ? found : found.filter(({ code }) => !settings.ignore.includes(code))
}
