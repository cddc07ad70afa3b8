import { type Told, writeTold } from '../advice/advice.ts'
import { lookFurther } from '../advice/on-objects.ts'
import { type Finding, kindOf } from '../policy/finding.ts'
import { cutVisible, visible } from '../runtime/visible.ts'
import { causesOf, tellCause } from './causes.ts'

/** Characters of a line. Kubernetes advises 120, but names may be long. */
const MAX_LINE_LENGTH = 500
/** Characters of what is wrong that are left of it where the advice is long. */
const MIN_PROBLEM_LENGTH = 100
/** Lines: nobody reads more. */
const MAX_LINES = 10
/**
 * Characters of all lines about findings, before the rest is summed up in one more. The API server drops what is past 4,096
 * characters, of all webhooks together, and both of ours speak to the same person.
 */
const MAX_FINDINGS_LENGTH = 2500
/** As {@link MAX_FINDINGS_LENGTH}, for notes. */
const MAX_NOTES_LENGTH = 500

/**
 * Whether a finding is worth a person's attention.
 *
 * | finding                                                       | warns              |
 * | ------------------------------------------------------------- | ------------------ |
 * | about a reference that only configuration brought in          | if for a private image |
 * | blocks, mayBlock                                              | yes                |
 * | degrades, about a missing or unusable Secret that the object itself references | yes |
 * | degrades, anything else                                       | no                 |
 */
export function isWorthAWarning({ code, effect, origin, affectsPrivate }: Finding): boolean {
  if (origin === 'configuration') return affectsPrivate && effect !== 'degrades'
  if (effect !== 'degrades') return true
  return origin === 'object' && kindOf(code).explainsNoCover
}

/**
 * Writes one line for each cause: {@link causesOf}.
 *
 * @param title the object, since one `kubectl apply` often holds many, e.g. `Pod web`
 */
export function writeWarnings(title: string, findings: readonly Finding[]): string[] {
  return writeLines(title, causesOf(findings).map(tellCause), MAX_FINDINGS_LENGTH)
}

/** Writes what is to be said of names that were to be injected and were not. */
export function writeNotes(title: string, notes: readonly Told[]): string[] {
  return writeLines(title, notes, MAX_NOTES_LENGTH)
}

function writeLines(title: string, told: readonly Told[], maxLength: number): string[] {
  if (told.length === 0) return []
  const kept = told.slice(0, MAX_LINES).map(each => writeLine(title, each))
  while (kept.join('').length > maxLength) kept.pop()
  const left = told.length - kept.length
  if (left === 0) return kept
  return [...kept, writeLine(title, { problem: `and ${left} more`, advice: lookFurther() })]
}

/** What is too long loses of what is wrong, as long as it can: a command that is cut short does something else. */
function writeLine(title: string, { problem, advice }: Told): string {
  const room = MAX_LINE_LENGTH - visible(advice.text).length - '; '.length
  const shown = room < MIN_PROBLEM_LENGTH ? `${title}: ${problem}` : cutVisible(`${title}: ${problem}`, room)
  return cutVisible(writeTold({ problem: shown, advice }), MAX_LINE_LENGTH)
}
