import { annotate, type Recorded } from '../decision/annotations.ts'
import { announceStop, decideOnObject, decideOnPlan } from '../decision/decide.ts'
import { ALLOWED, type Decision } from '../decision/decision.ts'
import {
  type FindingRecord,
  type HoldsName,
  recordFindings,
  recordSkips,
  recordWouldAdd,
  type SkipRecord,
} from '../decision/record.ts'
import { evaluate } from '../policy/evaluate.ts'
import type { NamespaceFacts, SecretFacts } from '../policy/facts.ts'
import { INJECT_LABEL, modeOf, stopsAdding } from '../policy/labels.ts'
import type { Planned } from '../policy/plan.ts'
import { isExempt, type Mode } from '../policy/settings.ts'
import { explainSkips } from '../policy/skips.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { makerIn } from '../review/maker.ts'
import { namespaceOf } from '../review/namespace.ts'
import { respond } from '../review/respond.ts'
import type { NamespaceSubject, PodSubject, Review, SecretSubject } from '../review/review.ts'
import { Budget } from '../runtime/budget.ts'
import { assessPod, isRefusable, namespaceFacts, retries, secretFacts } from './assess-subject.ts'
import type { Context, TimeLeft } from './context.ts'
import { namesHeldBy } from './references.ts'

/** What a review came to, for metrics and the log: no object, and no name that the object does not hold. */
export interface Outcome {
  readonly review: Review
  readonly decision: Decision
  readonly findings: readonly FindingRecord[]
  readonly plan: {
    readonly add: readonly Pick<Planned, 'source'>[]
    readonly wouldAdd: readonly Pick<Planned, 'source'>[]
    readonly skipped: readonly SkipRecord[]
  }
  readonly unknown: readonly string[]
  readonly tooMuch?: TooMuch | undefined
}

export interface Admitted {
  /** The AdmissionReview that goes back, as JSON. */
  readonly body: string
  readonly outcome: Outcome
}

/** A bug on the way of a review, with the uid by which the API server's own log knows it. */
export class AdmitError extends Error {
  readonly uid: string

  constructor(uid: string, options: ErrorOptions) {
    super('a review could not be answered', options)
    this.uid = uid
  }
}

/**
 * The way of a review, from its decoding to the bytes that go back.
 *
 * @param timeLeft milliseconds until the caller stops waiting
 * @param budget of this review; it tells afterwards, and meanwhile, what was spent of it
 * @throws {AdmitError} for a bug
 */
export async function admit(
  review: Review,
  context: Context,
  timeLeft: TimeLeft,
  budget: Budget = new Budget(),
): Promise<Admitted> {
  try {
    const outcome = await answer(review, context, timeLeft, budget)
    return { body: respond(review.uid, outcome.decision), outcome }
  } catch (cause) {
    throw new AdmitError(review.uid, { cause })
  }
}

async function answer(review: Review, context: Context, timeLeft: TimeLeft, budget: Budget): Promise<Outcome> {
  const { subject, username } = review
  const { settings } = context.rulebook
  if (subject.about === 'nothing') return letThrough(review)
  if (subject.about === 'secret' && settings.view.secrets === 'names') return letThrough(review)
  if (subject.about === 'unreadable') return letThrough(review, { error: subject.fault })
  if (isExempt(settings, namespaceOf(subject, review.namespace), username)) {
    return letThrough(review, { skipped: [{ held: null, source: null, reason: 'exempt' }] })
  }
  switch (subject.about) {
    case 'namespace':
      return answerNamespace(review, subject, context)
    case 'secret':
      return await answerSecret(review, subject, context, timeLeft, budget)
    default:
      return await answerPod(review, subject, context, timeLeft, budget)
  }
}

/** Nothing is looked at; why not is annotated. */
function letThrough(review: Review, recorded: Recorded = {}): Outcome {
  const decision = { ...ALLOWED, annotations: annotate(recorded) }
  const plan = { add: [], wouldAdd: [], skipped: recorded.skipped ?? [] }
  return { review, decision, findings: [], plan, unknown: [] }
}

/**
 * | asked for by | what                                   | warned | refused                  | told to try again            |
 * | ------------ | -------------------------------------- | ------ | ------------------------ | ---------------------------- |
 * | a person     | a Pod, another image of it, a template | yes    | yes                      | if `enforce.unknown: refuse` |
 * | a controller | a Pod, another image of it             | no     | if `enforce.controllers` | no                           |
 * | a controller | a template                             | no     | no: its Pods are asked for | no                         |
 * | a person     | an ephemeral container                 | yes    | no                       | no                           |
 * | a controller | an ephemeral container                 | no     | no                       | no                           |
 */
async function answerPod(
  review: Review,
  subject: PodSubject,
  context: Context,
  timeLeft: TimeLeft,
  budget: Budget,
): Promise<Outcome> {
  const { namespace, title, stage } = review
  const silent = makerIn(context.rulebook.settings.controllers)(subject.owner, review) === 'controller'
  if (silent && subject.about === 'template') return letThrough({ ...review, subject: { about: 'nothing' } })
  // Of an application that is only tried, what it brings does not arrive.
  const tried: Context = review.dryRun ? { ...context, missingSecrets: 'never' } : context
  const pod = await assessPod(subject, namespace, tried, timeLeft, budget, silent)
  const { mode, plan, findings, unknown, isOpen, tooMuch } = pod
  const { enforce, suggestions } = context.rulebook.settings
  const holds = namesHeldBy(subject)
  if (stage === 'mutate') {
    const notes = tooMuch === undefined ? explainSkips(pod, plan) : []
    const names = subject.hasList ? subject.references : undefined
    const { add, wouldAdd } = plan
    const skipped = recordSkips(plan.skipped, holds)
    const wouldInject = recordWouldAdd(wouldAdd, holds, suggestions)
    const decision = decideOnPlan({ add, wouldInject, skipped, mode, names, notes, title, silent, unknown, tooMuch })
    return { review, decision, findings: [], plan: { add, wouldAdd, skipped }, unknown, tooMuch }
  }
  const skipped = subject.form === 'written' ? recordSkips(plan.skipped, holds) : []
  const refusable = isRefusable(subject, silent, context)
  const records = recordFindings(findings, holds, suggestions)
  const decision = decideOnObject({
    ...{ findings, records, mode, title, namespace, silent, refusable, skipped, unknown, isOpen, tooMuch },
    wouldBlock: recordFindings(pod.wouldBlock, holds, suggestions),
    isModeKnown: pod.facts.namespaceState.state !== 'unknown',
    retries: refusable && retries(silent, context),
    help: enforce.help,
  })
  return { review, decision, findings: records, plan: { add: [], wouldAdd: [], skipped }, unknown, tooMuch }
}

async function answerSecret(
  review: Review,
  subject: SecretSubject,
  context: Context,
  timeLeft: TimeLeft,
  budget: Budget,
): Promise<Outcome> {
  const facts = await secretFacts(subject, review.namespace, context, timeLeft, budget)
  const { mode } = modeOf(facts.namespaceState, context.rulebook.settings.mode)
  const holds: HoldsName = secret => secret === facts.reading.name
  return judgeOnly(review, facts, mode, facts.namespaceState.state === 'unknown' ? ['namespace'] : [], holds)
}

function answerNamespace(review: Review, subject: NamespaceSubject, context: Context): Outcome {
  const facts = namespaceFacts(subject, context)
  const { settings } = context.rulebook
  const { namespace, before } = subject
  const { mode } = modeOf({ state: 'value', value: namespace }, settings.mode)
  const outcome = judgeOnly(review, facts, mode, [], () => false)
  if (before === undefined || !stopsAdding(before, namespace, settings)) return outcome
  const cause = namespace.inject === 'disabled' ? `${INJECT_LABEL}=disabled` : `mode ${mode}`
  return { ...outcome, decision: announceStop(outcome.decision, review.title, namespace.name, cause) }
}

/** A Secret or a Namespace stops nothing by itself, so it is never refused. */
function judgeOnly(
  review: Review,
  facts: SecretFacts | NamespaceFacts,
  mode: Mode,
  unknown: readonly string[],
  holds: HoldsName,
): Outcome {
  const findings = mode === 'off' ? [] : evaluate(facts)
  const records = recordFindings(findings, holds, facts.rulebook.settings.suggestions)
  const { title, namespace } = review
  const never = {
    silent: false,
    refusable: false,
    retries: false,
    skipped: [],
    isOpen: false,
    wouldBlock: [],
    help: '',
  }
  const about = { title, namespace, ...never }
  const decision = decideOnObject({ ...about, findings, records, mode, isModeKnown: unknown.length === 0, unknown })
  return { review, decision, findings: records, plan: { add: [], wouldAdd: [], skipped: [] }, unknown }
}
