import type { Finding } from '../policy/finding.ts'
import { oneLine } from './one-line.ts'

/** Kubernetes advises 120 characters for a line; names may be long, and what comes after these is cut. */
const LONGEST_LINE = 500
/** More lines than these nobody reads. */
const MOST_LINES = 10
/**
 * The characters that are written before the rest is summed up in one more line: of findings, and of notes. The API server
 * drops what is past 4,096 characters, of all webhooks together, and both of ours speak to the same person.
 */
const MOST_OF_FINDINGS = 2500
const MOST_OF_NOTES = 500

/** The further missing Secrets that a line names, before it only counts them. */
const MOST_NAMES = 3

/** Findings that say why a reference gives nothing. */
const REFERENCE_CODES: readonly string[] = [
  'SecretNotFound',
  'SecretWrongType',
  'SecretWithoutCredentials',
  'SecretMalformed',
]

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
  return origin === 'object' && REFERENCE_CODES.includes(code)
}

/**
 * Writes one line for each cause: what several images have in common is said once, and that an image is not covered is left
 * out where a useless reference, whoever brought it, says why.
 *
 * @param title the object, since one `kubectl apply` often holds many, e.g. `Pod web`
 */
export function writeWarnings(title: string, findings: readonly Finding[]): string[] {
  return writeLines(title, oneForEachCause(findings), MOST_OF_FINDINGS)
}

/** Writes what is to be said of names that were to be injected and were not. */
export function writeNotes(title: string, notes: readonly string[]): string[] {
  return writeLines(title, notes, MOST_OF_NOTES)
}

function writeLines(title: string, messages: readonly string[], mostCharacters: number): string[] {
  if (messages.length === 0) return []
  const kept = messages.slice(0, MOST_LINES).map(message => oneLine(`${title}: ${message}`, LONGEST_LINE))
  while (kept.join('').length > mostCharacters) kept.pop()
  const left = messages.length - kept.length
  if (left === 0) return kept
  return [
    ...kept,
    oneLine(`${title}: and ${left} more; see the audit annotations, or run: regcred check`, LONGEST_LINE),
  ]
}

function oneForEachCause(findings: readonly Finding[]): string[] {
  const explained = findings.some(({ code }) => REFERENCE_CODES.includes(code))
  const told = findings.filter(({ code }) => code !== 'ImageNotCovered' || !explained)
  const causes = Map.groupBy(told, causeOf)
  return [...causes.values()].flatMap(alike =>
    alike.slice(0, 1).map(({ message }) => `${message}${mentionOthers(alike)}`),
  )
}

/** What beside the first has the same cause: further missing Secrets, or further images. */
function mentionOthers(alike: readonly Finding[]): string {
  const missing = alike.filter(({ code }) => code === 'SecretNotFound').slice(1)
  if (missing.length > 0) {
    const named = missing.slice(0, MOST_NAMES).map(({ secret }) => `"${secret}"`)
    const left = missing.length - named.length
    const rest = left === 0 ? named : [...named, `${left} more`]
    return ` (nor ${rest.length === 1 ? 'is' : 'are'} ${new Intl.ListFormat('en-GB').format(rest)})`
  }
  const more = new Set(alike.map(({ image }) => image)).size - 1
  return more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'image' : 'images'})`
}

/** What findings about different images, or missing Secrets, of one Pod have in common. */
function causeOf({ code, secret, image, suggestion, message }: Finding): string {
  if (code === 'ImageInvalid') return `${code} ${image}`
  if (code === 'SecretNotFound' && suggestion === undefined) return code
  return image === undefined ? message : `${code} ${secret}`
}
