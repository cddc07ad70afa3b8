import type { Facts, PodFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import { findExpiredCredentials } from './findings/credentials-expired.ts'
import { findInvalidImages } from './findings/image-invalid.ts'
import { findUncoveredImages } from './findings/image-not-covered.ts'
import { findInvalidLabels } from './findings/label-invalid.ts'
import { findLostPlan } from './findings/not-injected.ts'
import { findUselessReferences } from './findings/reference.ts'
import { findFaultsOfSecret } from './findings/secret.ts'
import { judge } from './judgement.ts'
import type { Plan } from './plan.ts'

/**
 * Says everything that is wrong with what the facts are about. Pure: modes, audience and time are applied outside.
 *
 * @param plan what the Pod is, or should have been, given; nothing for a Secret or a Namespace.
 */
export function evaluate(facts: Facts, plan: Plan): readonly Finding[] {
  const { ignore } = facts.rulebook.settings
  return find(facts, plan).filter(finding => !ignore.includes(finding.code))
}

function find(facts: Facts, plan: Plan): Finding[] {
  switch (facts.about) {
    case 'namespace':
      return findInvalidLabels(facts)
    case 'secret':
      return findFaultsOfSecret(facts)
    default:
      return findInPod(facts, plan)
  }
}

function findInPod(facts: PodFacts, plan: Plan): Finding[] {
  const judgement = judge(facts, plan)
  return [
    ...findInvalidImages(facts),
    ...findUselessReferences(judgement),
    ...findExpiredCredentials(judgement),
    ...findLostPlan(judgement),
    ...findUncoveredImages(judgement),
  ]
}
