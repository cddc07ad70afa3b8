import type { Advice } from './advice.ts'
import { type Home, isMadeByHand, remake, whereBeside, whereIn } from './home.ts'
import { command } from './kubectl.ts'

/** @param where the name is written, as {@link whereIn} says it */
export function suggestName(near: string, where: string): Advice {
  return { kind: 'suggestName', text: `did you mean "${near}"? Write it in ${where}` }
}

/** @param where the list is, as {@link whereIn} says it */
export function listSecret(secret: string, where: string): Advice {
  return { kind: 'listSecret', text: `add "${secret}" to ${where}` }
}

/** The same of a pull secret that nobody here knows. */
export function listAnother(where: string, isFirst: boolean): Advice {
  return { kind: 'listAnother', text: `add one${isFirst ? '' : ' that has them'} to ${where}` }
}

export function listFewer(): Advice {
  return { kind: 'listFewer', text: 'list fewer' }
}

/** @param instead a name that is valid, where it is plain what was meant */
export function correctImage(instead: string | undefined, home: Home): Advice {
  const right = instead === undefined ? 'host/path:tag or host/path@sha256:…' : `"${instead}"`
  return { kind: 'correctImage', text: `write ${right}${whereBeside(home)}` }
}

/** What to do about a Pod that lacks a pull secret which regcred would add. */
export function recreatePod(secret: string, home: Home, namespace: string): Advice {
  const again = remake(home, namespace)
  if (again === undefined) return listSecret(secret, whereIn(home, namespace))
  return { kind: 'recreatePod', text: `recreate the Pod: ${again}` }
}

/** Names that a command gives to a ServiceAccount: with more it would be cut off before its end. */
const MAX_PATCHED_NAMES = 5

/** A ServiceAccount, and what it lists. */
interface Account {
  readonly name: string
  readonly references: readonly string[]
}

/** A pull secret that a ServiceAccount should list, in the place of another or besides. */
export interface Wanted {
  readonly secret: string
  readonly insteadOf?: string
}

/**
 * Where the list of a ServiceAccount is, and the command that changes it. What a Pod has of it was copied when it was made.
 *
 * @param wanted undefined where nobody can say
 */
export function whereInAccount(
  { name, references: listed }: Account,
  wanted: Wanted | undefined,
  home: Home,
  namespace: string,
): string {
  const where = `imagePullSecrets of ServiceAccount "${name}"`
  if (home.isFile || wanted === undefined || listed.length >= MAX_PATCHED_NAMES) return where
  const references = [...new Set([...listed.filter(one => one !== wanted.insteadOf), wanted.secret])]
  const list = JSON.stringify({ imagePullSecrets: references.map(secret => ({ name: secret })) })
  const patch = `kubectl patch serviceaccount ${name} --namespace ${namespace} --patch '${list}'`
  const typed = command([name, namespace, ...references], patch)
  if (typed === undefined) return where
  return isMadeByHand(home) ? `${where}, then recreate the Pod: ${typed}` : `${where}: ${typed}`
}

/** @param value that was probably meant; undefined where nobody can say */
export function correctLabel(
  namespace: string,
  label: string,
  value: string | undefined,
  allowed: readonly string[],
  isFile: boolean,
): Advice {
  const all = allowed.join(', ')
  const isKnown = value !== undefined
  const change = isKnown ? `--overwrite namespace ${namespace} ${label}=${value}` : `namespace ${namespace} ${label}-`
  const typed = isFile ? undefined : command([namespace], `kubectl label ${change}`)
  const [right, way] = isKnown ? [`did you mean "${value}"?`, ' '] : [`use one of ${all}`, ', or remove it: ']
  return { kind: 'correctLabel', text: typed === undefined ? right : `${right}${way}${typed}` }
}

export function quoteLabel(isOff: boolean): Advice {
  return { kind: 'quoteLabel', text: isOff ? 'write "off" in quotes' : 'put it in quotes' }
}

export function letThrough(namespace: string, modeLabel: string): Advice {
  const text = `to let it through: kubectl label --overwrite namespace ${namespace} ${modeLabel}=warn`
  return { kind: 'letThrough', text }
}

export function tryAgain(): Advice {
  return { kind: 'tryAgain', text: 'try again' }
}

export function makeSmaller(): Advice {
  return { kind: 'makeSmaller', text: 'use fewer images or pull secrets' }
}

export function goOnAdding(namespace: string, injectLabel: string): Advice {
  const text = `to go on adding them: kubectl label --overwrite namespace ${namespace} ${injectLabel}=enabled`
  return { kind: 'goOnAdding', text }
}

export function lookFurther(): Advice {
  return { kind: 'lookFurther', text: 'see the audit annotations, or run: regcred check FILE' }
}
