import type { Finding } from '../policy/finding.ts'
import { MODE_LABEL } from '../policy/labels.ts'
import type { Plan } from '../policy/plan.ts'
import { namesOf } from '../policy/reference.ts'
import type { Mode } from '../policy/settings.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { annotate } from './annotations.ts'
import type { Decision } from './decision.ts'
import { appendReferences } from './patch.ts'
import type { FindingRecord, SkipRecord } from './record.ts'
import { isWorthAWarning, writeNotes, writeWarnings } from './warnings.ts'

/** Findings and what decides about their consequences. */
export interface Judged {
  /** For who asked. */
  readonly findings: readonly Finding[]
  /** The same for records. */
  readonly records: readonly FindingRecord[]
  readonly mode: Mode
  /** The object for people, e.g. `Pod web`. */
  readonly title: string
  /** Where the object is to be: a refusal names the command that lets it through. */
  readonly namespace: string
  /** Made by a controller: no person reads its warnings. */
  readonly silent: boolean
  /**
   * Whether refusing leaves who asked a way on: not for ephemeral containers, Secrets and Namespaces, and (if not told
   * otherwise) not for a controller's Pods, of which a short fault would become a long one.
   */
  readonly refusable: boolean
  /** Each decision not to add to a template's Pod; of a Pod the mutating call has told them. */
  readonly skipped: readonly SkipRecord[]
  readonly unknown: readonly string[]
  /** It could not be looked through. */
  readonly tooMuch?: TooMuch | undefined
}

/**
 * Decides about an object that is to be stored.
 *
 * | mode    | recorded | warned of                              | refused for                              |
 * | ------- | -------- | -------------------------------------- | ---------------------------------------- |
 * | off     | nothing  | nothing                                | nothing                                  |
 * | audit   | all      | nothing                                | nothing                                  |
 * | warn    | all      | what is worth it, if a person reads it | nothing                                  |
 * | enforce | all      | as in warn                             | what blocks, and an object that is too large to be looked through, if who made it can act on it |
 */
export function decideOnObject(judged: Judged): Decision {
  const { mode, findings, records, title, silent, refusable, skipped, unknown, tooMuch } = judged
  if (mode === 'off') return { allowed: true, warnings: [], annotations: {} }
  const annotations = annotate({ mode, findings: records, unknown, tooMuch, skipped })
  if (mode === 'enforce' && refusable && tooMuch?.by === 'object') {
    return { allowed: false, warnings: [], annotations, refusal: refuseTooMuch(title, tooMuch) }
  }
  if (mode === 'audit' || findings.length === 0) return { allowed: true, warnings: [], annotations }
  const refuses = mode === 'enforce' && refusable
  const blocking = refuses ? findings.filter(isBlocking) : []
  const rest = refuses ? findings.filter(finding => !isBlocking(finding)) : findings
  const warnings = silent ? [] : writeWarnings(title, rest.filter(isWorthAWarning))
  if (blocking.length === 0) return { allowed: true, warnings, annotations }
  return { allowed: false, warnings, annotations, refusal: writeRefusal(judged, blocking) }
}

function isBlocking({ effect }: Finding): boolean {
  return effect === 'blocks'
}

function writeRefusal({ title, namespace }: Judged, blocking: readonly Finding[]): string {
  const lines = writeWarnings(title, blocking)
  const wayOut = `kubectl label --overwrite namespace ${namespace} ${MODE_LABEL}=warn`
  return `${lines.join('; ')} (to let it through: ${wayOut})`
}

function refuseTooMuch(title: string, { images, references, names }: TooMuch): string {
  const size = `${images} images and ${references + names} pull secrets`
  return `${title}: too large to be checked (${size}); use fewer images or pull secrets`
}

/** A Pod that is being made, and what is to be added to it. */
export interface PlannedPod {
  readonly add: Plan['add']
  readonly skipped: readonly SkipRecord[]
  readonly mode: Mode
  /** The names in `spec.imagePullSecrets` as they came; undefined where there is no list. */
  readonly names: readonly string[] | undefined
  /** What is to be said of names that were to be injected and were not. */
  readonly notes: readonly string[]
  readonly title: string
  /** Made by a controller: no person reads its warnings. */
  readonly silent: boolean
  readonly unknown: readonly string[]
  readonly tooMuch?: TooMuch | undefined
}

/** Decides about a Pod on its way through the mutators: it is given its plan, whatever the mode, and never refused. */
export function decideOnPlan(planned: PlannedPod): Decision {
  const { add, skipped, mode, names, notes, title, silent, unknown, tooMuch } = planned
  return {
    allowed: true,
    ...(add.length === 0 ? {} : { patch: appendReferences(names, add) }),
    warnings: silent || mode === 'off' || mode === 'audit' ? [] : writeNotes(title, notes),
    annotations: annotate({ injected: namesOf(add), skipped, unknown, tooMuch }),
  }
}
