import { type Finding, kindOf } from '../policy/finding.ts'
import { cutVisible } from '../runtime/visible.ts'
import { causesOf, writeCause } from './causes.ts'

/** Characters of a line. Kubernetes advises 120, but names may be long. */
const MAX_LINE_LENGTH = 500
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
  return writeLines(title, causesOf(findings).map(writeCause), MAX_FINDINGS_LENGTH)
}

/** Writes what is to be said of names that were to be injected and were not. */
export function writeNotes(title: string, notes: readonly string[]): string[] {
  return writeLines(title, notes, MAX_NOTES_LENGTH)
}

function writeLines(title: string, messages: readonly string[], maxLength: number): string[] {
  if (messages.length === 0) return []
  const kept = messages.slice(0, MAX_LINES).map(message => cutVisible(`${title}: ${message}`, MAX_LINE_LENGTH))
  while (kept.join('').length > maxLength) kept.pop()
  const left = messages.length - kept.length
  if (left === 0) return kept
  return [
    ...kept,
    cutVisible(`${title}: and ${left} more; see the audit annotations, or run: regcred check`, MAX_LINE_LENGTH),
  ]
}
