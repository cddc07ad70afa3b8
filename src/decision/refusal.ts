import { writeTold } from '../advice/advice.ts'
import { letThrough, makeSmaller, tryAgain } from '../advice/on-objects.ts'
import type { Finding } from '../policy/finding.ts'
import { MODE_LABEL } from '../policy/labels.ts'
import type { TooMuch } from '../policy/too-much.ts'
import { count, nameFirst } from '../runtime/count.ts'
import { visible } from '../runtime/visible.ts'
import { writeWarnings } from './warnings.ts'

/** What could not be read that a refusal names, before it only counts the rest. */
const MAX_NAMED_UNKNOWNS = 3

/** The object that is refused, for people. */
interface Refused {
  /** E.g. `Pod web`. */
  readonly title: string
  readonly namespace: string
  /** A text of the platform team's own, at the end; empty for none. */
  readonly help: string
}

/** Says what is wrong with an object, and the command that lets it through. */
export function writeRefusal(refused: Refused, blocking: readonly Finding[]): string {
  return withHelp(`${writeWarnings(refused.title, blocking).join('; ')} ${writeWayOut(refused)}`, refused)
}

/** Says how large an object is that is too large to be looked through. */
export function refuseTooMuch(refused: Refused, { images, references, names }: TooMuch): string {
  const size = `${count(images, 'image')} and ${count(references + names, 'pull secret')}`
  const told = { problem: `${refused.title}: too large to be checked (${size})`, advice: makeSmaller() }
  return withHelp(writeTold(told), refused)
}

/**
 * Says what could not be found out. Who asks again may be lucky, so kubectl and Helm do that by themselves.
 *
 * @param unknown as in the audit annotation: `secret/acme`, `secret` (not of the object's own list), `secrets`,
 * `namespace`, `serviceaccount`
 */
export function writeRetry(refused: Refused, unknown: readonly string[]): string {
  const causes = [...new Set(unknown)]
  const named = causes.slice(0, MAX_NAMED_UNKNOWNS).map(each => nameUnknown(each, refused))
  const all = nameFirst(named, causes.length)
  const wayOut = unknown.includes('namespace') ? '' : ` ${writeWayOut(refused)}`
  const problem = `regcred could not read ${all} in time, so it could not check this`
  const told = { problem: `${refused.title}: ${problem}`, advice: tryAgain() }
  return withHelp(`${writeTold(told)}${wayOut}`, refused)
}

function nameUnknown(unknown: string, { namespace }: Refused): string {
  switch (unknown) {
    case 'namespace':
      return `Namespace "${namespace}"`
    case 'serviceaccount':
      return 'the ServiceAccount'
    case 'secrets':
      return `the pull secrets of namespace "${namespace}"`
    case 'secret':
      return 'a Secret'
    default:
      return `Secret "${unknown.slice('secret/'.length)}"`
  }
}

function writeWayOut({ namespace }: Refused): string {
  return `(${letThrough(namespace, MODE_LABEL).text})`
}

function withHelp(refusal: string, { help }: Refused): string {
  return help === '' ? refusal : `${refusal}. ${visible(help)}`
}
