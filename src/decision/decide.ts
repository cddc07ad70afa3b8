import type { Told } from '../advice/advice.ts'
import { goOnAdding } from '../advice/on-objects.ts'
import type { Finding } from '../policy/finding.ts'
import { INJECT_LABEL } from '../policy/labels.ts'
import type { Plan } from '../policy/plan.ts'
import { namesOf } from '../policy/reference.ts'
import type { Mode } from '../policy/settings.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { annotate, type Recorded } from './annotations.ts'
import type { Decision, Doubt } from './decision.ts'
import { appendReferences } from './patch.ts'
import type { FindingRecord, SkipRecord, WouldAddRecord } from './record.ts'
import { refuseTooMuch, writeRefusal, writeRetry } from './refusal.ts'
import { isWorthAWarning, writeNotes, writeWarnings } from './warnings.ts'

/** How long kubectl and Helm wait before they try again; they do it about ten times. */
const RETRY_SECONDS = 1

/** Findings and what decides about their consequences. */
export interface Judged {
  /** For who asked. */
  readonly findings: readonly Finding[]
  /** The same for records. */
  readonly records: readonly FindingRecord[]
  /** In mode audit: what would block in mode enforce, for records. */
  readonly wouldBlock: readonly FindingRecord[]
  readonly mode: Mode
  /** False where the Namespace could not be read, so that it may enforce for all that is known. */
  readonly isModeKnown: boolean
  /** The object for people, e.g. `Pod web`. */
  readonly title: string
  /** Where the object is to be: a refusal names the command that lets it through. */
  readonly namespace: string
  /** What a refusal adds: `enforce.help`. */
  readonly help: string
  /** Made by a controller: no person reads its warnings. */
  readonly silent: boolean
  /**
   * Whether refusing leaves who asked a way on: not for ephemeral containers, Secrets and Namespaces, and (if not told
   * otherwise) not for a controller's Pods, of which a short fault would become a long one.
   */
  readonly refusable: boolean
  /** Whether who asked is told to try again where too little is known (`enforce.unknown: refuse`); never a controller. */
  readonly retries: boolean
  /** Each decision not to add to a template's Pod; of a Pod the mutating call has told them. */
  readonly skipped: readonly SkipRecord[]
  readonly unknown: readonly string[]
  /** What is unknown could be what blocks. */
  readonly isOpen: boolean
  /** It could not be looked through. */
  readonly tooMuch?: TooMuch | undefined
}

/**
 * Decides about an object that is to be stored.
 *
 * | mode    | recorded | warned of                              | refused for                              |
 * | ------- | -------- | -------------------------------------- | ---------------------------------------- |
 * | off     | nothing  | nothing                                | nothing                                  |
 * | audit   | all, and what enforce would refuse | nothing                      | nothing                                  |
 * | warn    | all      | what is worth it, if a person reads it | nothing                                  |
 * | enforce | all      | as in warn                             | what blocks, and an object that is too large to be looked through, if who made it can act on it |
 * | unknown | all      | nothing                                | nothing                                  |
 *
 * Where that depends on what is not known, it is let through unconfirmed; or a person is told to try again, if
 * `enforce.unknown` is `refuse` and trying again can help.
 */
export function decideOnObject(judged: Judged): Decision {
  const { mode, findings, records, title, silent, refusable, retries, skipped, unknown, tooMuch } = judged
  if (mode === 'off') return { allowed: true, warnings: [], annotations: {} }
  const unconfirmed = findDoubt(judged)
  const wouldRefuse = findWouldRefuse(judged)
  const recorded = { mode, findings: records, wouldRefuse, unknown, tooMuch, skipped }
  if (mode === 'enforce' && refusable && tooMuch?.by === 'object') {
    return { allowed: false, warnings: [], annotations: annotate(recorded), refusal: refuseTooMuch(judged, tooMuch) }
  }
  if (unconfirmed !== undefined && unconfirmed !== 'tooMuch' && retries) {
    const refusal = writeRetry(judged, unknown)
    return { allowed: false, warnings: [], annotations: annotate(recorded), refusal, retryAfterSeconds: RETRY_SECONDS }
  }
  const annotations = annotate({ ...recorded, unconfirmed })
  const passed = {
    allowed: true,
    annotations,
    ...(unconfirmed && { unconfirmed }),
    ...(wouldRefuse.length > 0 && { wouldRefuse: true as const }),
  }
  if (mode === 'audit' || findings.length === 0) return { ...passed, warnings: [] }
  const refuses = mode === 'enforce' && refusable
  const blocking = refuses ? findings.filter(isBlocking) : []
  const rest = refuses ? findings.filter(finding => !isBlocking(finding)) : findings
  const warnings = silent ? [] : writeWarnings(title, rest.filter(isWorthAWarning))
  if (blocking.length === 0) return { ...passed, warnings }
  return { allowed: false, warnings, annotations, refusal: writeRefusal(judged, blocking) }
}

/** What an object would be refused for if the mode were enforce and not audit. */
function findWouldRefuse({ mode, isModeKnown, refusable, tooMuch, wouldBlock }: Judged): Recorded['wouldRefuse'] & {} {
  if (mode !== 'audit' || !isModeKnown || !refusable) return []
  return tooMuch?.by === 'object' ? 'tooMuch' : wouldBlock
}

/**
 * What an object that could be refused is let through for, though nobody knows whether it is one to refuse.
 *
 * | the mode is | and                                                    | doubt     |
 * | ----------- | ------------------------------------------------------ | --------- |
 * | not known   | something blocks, or could for all that is known       | namespace |
 * | enforce     | nothing blocks, and something could                    | unread    |
 * | enforce     | its namespace holds too much for it to be looked through | tooMuch |
 */
function findDoubt({ mode, isModeKnown, refusable, findings, isOpen, tooMuch }: Judged): Doubt | undefined {
  if (!refusable) return undefined
  const blocks = findings.some(isBlocking)
  if (!isModeKnown) return blocks || isOpen || tooMuch !== undefined ? 'namespace' : undefined
  if (mode !== 'enforce') return undefined
  if (tooMuch !== undefined) return 'tooMuch'
  return isOpen && !blocks ? 'unread' : undefined
}

function isBlocking({ effect }: Finding): boolean {
  return effect === 'blocks'
}

/** A Pod that is being made, and what is to be added to it. */
export interface PlannedPod {
  readonly add: Plan['add']
  readonly wouldInject: readonly WouldAddRecord[]
  readonly skipped: readonly SkipRecord[]
  readonly mode: Mode
  /** The names in `spec.imagePullSecrets` as they came; undefined where there is no list. */
  readonly names: readonly string[] | undefined
  /** What is to be said of names that were to be injected and were not. */
  readonly notes: readonly Told[]
  readonly title: string
  /** Made by a controller: no person reads its warnings. */
  readonly silent: boolean
  readonly unknown: readonly string[]
  readonly tooMuch?: TooMuch | undefined
}

/**
 * Says to who labels a Namespace that its Pods are no longer given what they were: whatever the mode, for nothing else shows it.
 *
 * @param title the Namespace, e.g. `Namespace team-a`
 */
export function announceStop(decision: Decision, title: string, namespace: string, cause: string): Decision {
  const notes = [
    { problem: `pull secrets are no longer added to its Pods (${cause})`, advice: goOnAdding(namespace, INJECT_LABEL) },
  ]
  return { ...decision, warnings: [...writeNotes(title, notes), ...decision.warnings] }
}

/** Decides about a Pod on its way through the mutators: it is given its plan, and never refused. */
export function decideOnPlan(planned: PlannedPod): Decision {
  const { add, wouldInject, skipped, mode, names, notes, title, silent, unknown, tooMuch } = planned
  return {
    allowed: true,
    ...(add.length === 0 ? {} : { patch: appendReferences(names, add) }),
    warnings: silent || mode === 'off' || mode === 'audit' ? [] : writeNotes(title, notes),
    annotations: annotate({ injected: namesOf(add), wouldInject, skipped, unknown, tooMuch }),
  }
}
