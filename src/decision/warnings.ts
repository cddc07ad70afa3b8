import type { Finding } from '../policy/finding.ts'

/** The API server drops what is past 4,096 characters, of all webhooks together: we take at most this much of it. */
const MOST_CHARACTERS = 3500
/** More lines than these nobody reads. */
const MOST_LINES = 10

/** Findings that say no more than that the references give nothing; a reference's own finding says why. */
const REFERENCE_CODES: readonly string[] = [
  'SecretNotFound',
  'SecretWrongType',
  'SecretWithoutCredentials',
  'SecretMalformed',
  'NotInjected',
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
 * out where a useless reference says why.
 *
 * @param title the object, since one `kubectl apply` often holds many, e.g. `Pod web`
 */
export function writeWarnings(title: string, findings: readonly Finding[]): string[] {
  const lines = oneForEachCause(findings).map(({ message, more }) => oneLine(`${title}: ${message}${more}`))
  const kept = lines.slice(0, MOST_LINES)
  while (kept.join('').length > MOST_CHARACTERS) kept.pop()
  const left = lines.length - kept.length
  return left === 0 ? kept : [...kept, `${title}: and ${left} more; see the audit annotations, or run: regcred check`]
}

function oneForEachCause(findings: readonly Finding[]): { message: string; more: string }[] {
  const explained = findings.some(({ code, origin }) => REFERENCE_CODES.includes(code) && origin === 'object')
  const causes = new Map<string, { readonly first: Finding; readonly images: Set<string> }>()
  for (const finding of findings) {
    const { code, secret = '', image = '' } = finding
    if (code === 'ImageNotCovered' && explained) continue
    const key = `${code} ${secret} ${code === 'ImageInvalid' ? image : ''}`
    const cause = causes.get(key) ?? { first: finding, images: new Set() }
    causes.set(key, cause)
    if (image !== '' && image !== cause.first.image) cause.images.add(image)
  }
  return [...causes.values()].map(({ first, images }) => {
    return { message: first.message, more: images.size === 0 ? '' : ` (and ${images.size} more images)` }
  })
}

/** Names come from objects that may not be validated yet: what would break or forge a line is replaced. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�')
}
