import type { Finding } from '../policy/finding.ts'
import type { Plan } from '../policy/plan.ts'
import type { Mode } from '../policy/settings.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { oneLine } from '../runtime/one-line.ts'

/** Characters of the value of an audit annotation: an audit event is kept for years. */
const MAX_ANNOTATION_LENGTH = 2000

/** What goes into the audit annotations; an empty part leaves no annotation. */
export interface Recorded {
  readonly mode?: Mode
  readonly plan?: Plan
  readonly findings?: readonly Finding[]
  /** What was asked for and is not known: `secret/acme`, `secrets` (all of the namespace), `namespace`, `serviceaccount`. */
  readonly unknown?: readonly string[]
  readonly tooMuch?: TooMuch | undefined
  readonly error?: string
}

/**
 * Writes the audit annotations, in which an auditor finds what nobody was told:
 *
 *     injected   acme,hub
 *     skipped    old=notUsable,hub=alreadyListed   or one reason alone, for everything
 *     findings   SecretNotFound mayBlock secret=amce; ImageInvalid blocks container=web
 *     mode       warn                              wherever there are findings
 *     unknown    secret/acme,namespace
 *     tooMuch    object: images=8000 references=1 names=0   with unknown: tooMuch
 *     error      spec.containers must be a list
 */
export function annotate({
  mode,
  plan,
  findings = [],
  unknown = [],
  tooMuch,
  error,
}: Recorded): Record<string, string> {
  const isPlanned = plan !== undefined && plan.add.length + plan.skipped.length > 0
  if (!isPlanned && findings.length === 0 && unknown.length === 0 && error === undefined) return {}
  const annotations = {
    injected: (plan?.add ?? []).map(({ secret }) => secret).join(','),
    skipped: (plan?.skipped ?? [])
      .map(({ secret, reason }) => (secret === null ? reason : `${secret}=${reason}`))
      .join(','),
    findings: findings.map(writeFinding).join('; '),
    mode: findings.length > 0 && mode !== undefined ? mode : '',
    unknown: unknown.join(','),
    tooMuch: tooMuch === undefined ? '' : describeTooMuch(tooMuch),
    error: error ?? '',
  }
  return Object.fromEntries(
    Object.entries(annotations)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => [key, oneLine(value, MAX_ANNOTATION_LENGTH)]),
  )
}

function writeFinding({ code, effect, secret, container }: Finding): string {
  const about = [
    secret === undefined ? '' : ` secret=${secret}`,
    container === undefined ? '' : ` container=${container}`,
  ]
  return `${code} ${effect}${about.join('')}`
}

function describeTooMuch({ by, images, references, names }: TooMuch): string {
  return `${by}: images=${images} references=${references} names=${names}`
}
