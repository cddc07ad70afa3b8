import { gatherNamespace, gatherPod, gatherSecret } from './cluster/gather.ts'
import type { Sources, TimeLeft } from './cluster/sources.ts'
import { annotate, type Recorded } from './decision/annotations.ts'
import { decideOnObject, decideOnPlan } from './decision/decide.ts'
import { ALLOWED, type Decision } from './decision/decision.ts'
import type { Assessment } from './policy/assess.ts'
import { evaluate } from './policy/evaluate.ts'
import { isExempt } from './policy/exempt.ts'
import type { NamespaceFacts, PodFacts, SecretFacts } from './policy/facts.ts'
import type { Finding } from './policy/finding.ts'
import { modeOf } from './policy/labels.ts'
import { NO_PLAN, noPlan, type Plan } from './policy/plan.ts'
import { explainSkips } from './policy/skips.ts'
import { namespaceOf } from './review/namespace.ts'
import { respond } from './review/respond.ts'
import type { NamespaceSubject, PodSubject, Review, SecretSubject } from './review/review.ts'

/** What a review came to, for metrics and the log; holds no object. */
export interface Outcome {
  readonly review: Review
  readonly decision: Decision
  readonly findings: readonly Finding[]
  readonly plan: Plan
  readonly unknown: readonly string[]
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
 * The way of a review, from its decoding to the bytes that go back: at once, unless something has to be read live.
 *
 * @param timeLeft milliseconds until the caller stops waiting
 * @throws {AdmitError} for a bug
 */
export function admit(review: Review, sources: Sources, timeLeft: TimeLeft): Admitted | Promise<Admitted> {
  const { uid } = review
  const fail = (cause: unknown) => {
    throw new AdmitError(uid, { cause })
  }
  try {
    const answered = answer(review, sources, timeLeft)
    return answered instanceof Promise ? answered.then(admitWith).catch(fail) : admitWith(answered)
  } catch (cause) {
    return fail(cause)
  }
}

function admitWith(outcome: Outcome): Admitted {
  return { body: respond(outcome.review.uid, outcome.decision), outcome }
}

function answer(review: Review, sources: Sources, timeLeft: TimeLeft): Outcome | Promise<Outcome> {
  const { subject, username } = review
  const { settings } = sources.rulebook
  if (subject.about === 'nothing') return letThrough(review)
  if (subject.about === 'secret' && settings.view.secrets === 'names') return letThrough(review)
  if (subject.about === 'unreadable') return letThrough(review, { error: subject.fault })
  if (isExempt(settings, namespaceOf(subject, review.namespace), username)) {
    return letThrough(review, { plan: noPlan('exempt') })
  }
  switch (subject.about) {
    case 'namespace':
      return answerNamespace(review, subject, sources)
    case 'secret':
      return answerSecret(review, subject, sources, timeLeft)
    default:
      return answerPod(review, subject, sources, timeLeft)
  }
}

/** Nothing is looked at; why not is annotated. */
function letThrough(review: Review, recorded: Recorded = {}): Outcome {
  const decision = { ...ALLOWED, annotations: annotate(recorded) }
  return { review, decision, findings: [], plan: recorded.plan ?? NO_PLAN, unknown: [] }
}

function answerPod(
  review: Review,
  subject: PodSubject,
  sources: Sources,
  timeLeft: TimeLeft,
): Outcome | Promise<Outcome> {
  const gathered = gatherPod(subject, review.namespace, sources, timeLeft)
  if (!(gathered instanceof Promise)) return concludePod(review, subject, gathered)
  return gathered.then(assessment => concludePod(review, subject, assessment))
}

/**
 * | the Pod is     | the request             | warned | refused                  |
 * | -------------- | ----------------------- | ------ | ------------------------ |
 * | a person's     | CREATE or another image | yes    | yes                      |
 * | a controller's | CREATE                  | no     | if `enforce.controllers` |
 * | a controller's | another image           | yes    | if `enforce.controllers` |
 * | anybody's      | an ephemeral container  | yes    | no                       |
 */
function concludePod(review: Review, subject: PodSubject, { facts, mode, plan, findings }: Assessment): Outcome {
  const { namespace, title, stage } = review
  const { settings } = facts.rulebook
  const unknown = unknownIn(facts)
  const { silent, controlled } = subject
  if (stage === 'mutate') {
    const notes = explainSkips(facts, plan)
    const decision = decideOnPlan({
      plan,
      mode,
      names: subject.hasList ? subject.references : undefined,
      notes,
      title,
      silent,
      unknown,
    })
    return { review, decision, findings, plan, unknown }
  }
  const skipped = facts.form === 'written' ? plan.skipped : []
  const decision = decideOnObject({
    findings,
    mode,
    title,
    namespace,
    silent,
    refusable: facts.change !== 'ephemeral' && (!controlled || settings.enforce.controllers),
    skipped,
    unknown,
  })
  return { review, decision, findings, plan: { add: [], skipped }, unknown }
}

async function answerSecret(
  review: Review,
  subject: SecretSubject,
  sources: Sources,
  timeLeft: TimeLeft,
): Promise<Outcome> {
  const facts = await gatherSecret(subject, review.namespace, sources, timeLeft)
  const mode = modeOf(facts.namespaceState, sources.rulebook.settings.mode)
  return judgeOnly(review, facts, mode, facts.namespaceState.state === 'unknown' ? ['namespace'] : [])
}

function answerNamespace(review: Review, subject: NamespaceSubject, sources: Sources): Outcome {
  const facts = gatherNamespace(subject, sources)
  const mode = modeOf({ state: 'value', value: subject.namespace }, sources.rulebook.settings.mode)
  return judgeOnly(review, facts, mode, [])
}

/** A Secret or a Namespace stops nothing by itself, so it is never refused. */
function judgeOnly(
  review: Review,
  facts: SecretFacts | NamespaceFacts,
  mode: ReturnType<typeof modeOf>,
  unknown: readonly string[],
): Outcome {
  const findings = mode === 'off' ? [] : evaluate(facts)
  const decision = decideOnObject({
    findings,
    mode,
    title: review.title,
    namespace: review.namespace,
    silent: false,
    refusable: false,
    skipped: [],
    unknown,
  })
  return { review, decision, findings, plan: NO_PLAN, unknown }
}

/** What was asked for and stayed unknown, e.g. `secret/acme`. */
function unknownIn(facts: PodFacts): string[] {
  const unknown = facts.unknownSecrets().map(name => `secret/${name}`)
  if (facts.matchesUnknown) unknown.unshift('secrets')
  if (facts.serviceAccount.state === 'unknown') unknown.unshift('serviceaccount')
  if (facts.namespaceState.state === 'unknown') unknown.unshift('namespace')
  return unknown
}
