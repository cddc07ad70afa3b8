import type { Budget } from '../runtime/budget.ts'
import { type Cover, keyringOf } from './coverage.ts'
import { evaluatePod } from './evaluate.ts'
import type { NamespaceLookup, PodCase, PodFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import { faultOf } from './findings/reference.ts'
import { isOpen, judge, judgeWithRecorded } from './judgement.ts'
import { modeOf } from './labels.ts'
import { makePlan } from './make-plan.ts'
import { NO_PLAN, noPlan, type Plan } from './plan.ts'
import { namesOf } from './reference.ts'
import type { Mode } from './settings.ts'
import { findUnconfirmed, NOTHING_UNCONFIRMED, type Unconfirmed } from './unconfirmed.ts'

/** What there is to do and to say about a Pod on the strength of some facts, and what of that is to be confirmed first. */
export interface Assessment extends PodCase {
  /** What findings do in its namespace. */
  readonly mode: Mode
  readonly plan: Plan
  readonly findings: readonly Finding[]
  /** In mode audit: what mode enforce would refuse it for, with what would then be added. */
  readonly wouldBlock: readonly Finding[]
  readonly unconfirmed: Unconfirmed
  /** What is unknown could be what blocks. */
  readonly isOpen: boolean
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
 * Once the budget is spent nothing is known: it is neither planned for nor judged.
 *
 * Of a Pod that is not judged because the mode is `off` nothing is told, so nothing is to be confirmed. Nor is there of most
 * Pods, with which nothing is wrong.
 */
export function assess(facts: PodFacts, lookup: NamespaceLookup, budget: Budget): Assessment {
  const assessment = assessWithin(facts, lookup, budget)
  if (!budget.isSpent) return assessment
  return { ...assessment, ...NOTHING_FOUND, plan: noPlan('tooMuch') }
}

const NOTHING_FOUND = { findings: [], wouldBlock: [], unconfirmed: NOTHING_UNCONFIRMED, isOpen: false } as const

function assessWithin(facts: PodFacts, lookup: NamespaceLookup, budget: Budget): Assessment {
  const { form } = facts.traits
  const { mode } = modeOf(facts.namespaceState, facts.rulebook.settings.mode)
  const listed = keyringOf(namesOf(facts.references), { facts, lookup, budget })
  const pod = { facts, lookup, listed, budget }
  if (budget.isSpent || (form === 'stored' && isFlawless(pod))) return { ...pod, mode, plan: NO_PLAN, ...NOTHING_FOUND }
  const plan = makePlan(pod)
  if (budget.isSpent) return { ...pod, mode, plan, ...NOTHING_FOUND }
  if (form === 'mutating') {
    return { ...pod, mode, plan, ...NOTHING_FOUND, unconfirmed: findUnconfirmed(pod, plan, [], undefined) }
  }
  if (mode === 'off') return { ...pod, mode, plan, ...NOTHING_FOUND }
  const judgement = judge(pod, plan)
  const findings = evaluatePod(judgement)
  const wouldBlock = mode === 'audit' ? findBlocking(pod, plan, findings) : []
  const unconfirmed = findUnconfirmed(pod, plan, [...findings, ...wouldBlock], judgement)
  return { ...pod, mode, plan, findings, wouldBlock, unconfirmed, isOpen: isOpen(judgement) }
}

/** What would block if the mode were enforce, in which what is now only recorded would be added. */
function findBlocking(pod: PodCase, plan: Plan, findings: readonly Finding[]): readonly Finding[] {
  const found = plan.wouldAdd.length === 0 ? findings : evaluatePod(judgeWithRecorded(pod, plan))
  return found.filter(({ effect }) => effect === 'blocks')
}

/** Whether every image is covered, and every reference holds what the kubelet can use: there is nothing to add, and no fault. */
function isFlawless({ facts: { images, references }, lookup, listed }: PodCase): boolean {
  if (!images.every(use => use.name !== undefined && isFine(use.pulled, listed.cover(use)))) return false
  return references.every(({ secret }) => {
    const state = lookup.secret(secret)
    return state.state === 'value' && faultOf(state.value) === undefined
  })
}

/** Of an image that is never pulled there is only to say that its credentials have expired. */
function isFine(pulled: boolean, { coverage }: Cover): boolean {
  return pulled ? coverage === 'covered' : coverage !== 'expired'
}
