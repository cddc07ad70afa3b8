import type { Mode } from '../config/settings.ts'
import { type Doubts, doubtsAbout, NO_DOUBTS } from './doubts.ts'
import { evaluatePod } from './evaluate.ts'
import type { PodFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import { faultOf } from './findings/reference.ts'
import { judge } from './judgement.ts'
import { modeOf } from './labels.ts'
import { makePlan, NO_PLAN, type Plan } from './plan.ts'

/** What there is to do and to say about a Pod on the strength of some facts, and what of that is in doubt. */
export interface Assessment {
  readonly facts: PodFacts
  /** What findings do in its namespace. */
  readonly mode: Mode
  readonly plan: Plan
  readonly findings: readonly Finding[]
  readonly doubts: Doubts
}

/**
 * Plans for a Pod, judges it, and says what has to be read before that is told to anybody.
 *
 * | the Pod, or the Pod of a template | planned for | judged             |
 * | --------------------------------- | ----------- | ------------------ |
 * | is among the mutators             | yes         | no                 |
 * | is about to be stored, flawless   | no          | no                 |
 * | is about to be stored             | yes         | unless mode is off |
 * | is as its author wrote it         | yes         | unless mode is off |
 *
 * Of a Pod that is not judged because the mode is `off` nothing is told, so nothing is in doubt. Nor is there of most Pods, with
 * which nothing is wrong.
 */
export function assess(facts: PodFacts): Assessment {
  const mode = modeOf(facts.namespaceState, facts.rulebook.settings.mode)
  if (facts.form === 'stored' && isFlawless(facts)) {
    return { facts, mode, plan: NO_PLAN, findings: [], doubts: NO_DOUBTS }
  }
  const plan = makePlan(facts)
  if (facts.form === 'mutating') {
    return { facts, mode, plan, findings: [], doubts: doubtsAbout(facts, plan, [], undefined) }
  }
  if (mode === 'off') return { facts, mode, plan, findings: [], doubts: NO_DOUBTS }
  const judgement = judge(facts, plan)
  const findings = evaluatePod(judgement)
  return { facts, mode, plan, findings, doubts: doubtsAbout(facts, plan, findings, judgement) }
}

/** Whether every image is covered, and every reference holds what the kubelet can use: there is nothing to add, and no fault. */
function isFlawless(facts: PodFacts): boolean {
  const { images, references, listed } = facts
  if (!images.every(use => use.name !== undefined && (!use.pulled || listed.covers(use)))) return false
  return references.every(({ secret }) => {
    const state = facts.secret(secret)
    return state.state === 'value' && faultOf(state.value) === undefined
  })
}
