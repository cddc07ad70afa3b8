import type { Mode } from '../policy/settings.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { cutVisible } from '../runtime/visible.ts'
import type { Doubt } from './decision.ts'
import type { FindingRecord, SkipRecord, WouldAddRecord } from './record.ts'

/** Characters of the value of an audit annotation: an audit event is kept for years. */
const MAX_ANNOTATION_LENGTH = 2000

/** What goes into the audit annotations; an empty part leaves no annotation. */
export interface Recorded {
  readonly mode?: Mode
  /** Names that are put on the object, so that it holds them from now on. */
  readonly injected?: readonly string[]
  readonly wouldInject?: readonly WouldAddRecord[]
  readonly skipped?: readonly SkipRecord[]
  readonly findings?: readonly FindingRecord[]
  /** What mode enforce would refuse it for. */
  readonly wouldRefuse?: readonly FindingRecord[] | 'tooMuch'
  /** What was asked for and is not known: `secret/acme`, `secrets` (all of the namespace), `namespace`, `serviceaccount`. */
  readonly unknown?: readonly string[]
  readonly tooMuch?: TooMuch | undefined
  readonly unconfirmed?: Doubt | undefined
  readonly error?: string
}

/**
 * Writes the audit annotations, in which an auditor finds what nobody was told. Secrets are named if the object itself holds
 * their names; of others it says where the name is from.
 *
 *     injected   acme,hub
 *     wouldInject  secret=acme,from=match          where the mode says to record it alone
 *     skipped    old=notUsable,rule=alreadyListed  or one reason alone, for everything
 *     findings   SecretNotFound mayBlock secret=amce; SecretNotFound degrades from=serviceAccount
 *     wouldRefuse  SecretNotFound blocks secret=amce   or tooMuch; in mode audit: what mode enforce would refuse it for
 *     mode       warn                              wherever there are findings
 *     unknown    secret/acme,namespace             a name that the object does not hold is left out: secret
 *     tooMuch    object: images=8000 references=1 names=0   with unknown: tooMuch
 *     unconfirmed unread                          let through in mode enforce, though something could block; or in an unknown mode
 *     error      spec.containers must be a list
 */
export function annotate(recorded: Recorded): Record<string, string> {
  const { mode, injected = [], wouldInject = [], skipped = [], unknown = [], tooMuch, unconfirmed, error } = recorded
  const { findings = [], wouldRefuse = [] } = recorded
  const isPlanned = injected.length + wouldInject.length + skipped.length > 0
  if (!isPlanned && findings.length + wouldRefuse.length === 0 && unknown.length === 0 && error === undefined) return {}
  const annotations = {
    injected: injected.join(','),
    wouldInject: once(wouldInject.map(writeWouldAdd)).join(','),
    skipped: once(skipped.map(writeSkip)).join(','),
    findings: findings.map(writeFinding).join('; '),
    wouldRefuse: wouldRefuse === 'tooMuch' ? wouldRefuse : wouldRefuse.map(writeFinding).join('; '),
    mode: findings.length > 0 && mode !== undefined ? mode : '',
    unknown: once(unknown).join(','),
    tooMuch: tooMuch === undefined ? '' : describeTooMuch(tooMuch),
    unconfirmed: unconfirmed ?? '',
    error: error ?? '',
  }
  return Object.fromEntries(
    Object.entries(annotations)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => [key, cutVisible(value, MAX_ANNOTATION_LENGTH)]),
  )
}

/** What several names have in common is said once. */
function once(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}

function writeSkip({ held, source, reason }: SkipRecord): string {
  const what = held ?? source
  return what === null ? reason : `${what}=${reason}`
}

function writeWouldAdd({ secret, source }: WouldAddRecord): string {
  return secret === undefined ? `from=${source}` : `secret=${secret}`
}

function writeFinding({ code, effect, secret, from, container, suggestion }: FindingRecord): string {
  const about = [
    secret === undefined ? '' : ` secret=${secret}`,
    from === undefined ? '' : ` from=${from}`,
    container === undefined ? '' : ` container=${container}`,
    suggestion === undefined ? '' : ` suggestion=${suggestion}`,
  ]
  return `${code} ${effect}${about.join('')}`
}

function describeTooMuch({ by, images, references, names }: TooMuch): string {
  return `${by}: images=${images} references=${references} names=${names}`
}
