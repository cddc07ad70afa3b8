import { completeEntry, correctRegistry, type SecretPlace, trimPassword } from '../../advice/on-secrets.ts'
import type { Entry } from '../../kubelet/entry.ts'
import { isDockerStash } from '../../kubelet/key.ts'
import { keyThatWouldWork } from '../../kubelet/near-miss.ts'
import type { PullSecret } from '../../kubelet/secret.ts'
import type { StepCounter } from '../../runtime/budget.ts'
import type { SecretFacts } from '../facts.ts'
import type { Finding } from '../finding.ts'
import { IGNORE_ANNOTATION } from '../labels.ts'
import { explainLack } from './lack.ts'
import { faultOf, tellFault } from './reference.ts'

/** What it costs to find out that a key can match an image, and what it costs besides to say what is wrong with an entry. */
const KEY_CHECK_STEPS = 180
const FAULT_OF_ENTRY_STEPS = 200

/**
 * What is wrong with a Secret of a pull-secret type itself, when it is written: the moment when someone can still do
 * something about it. A Secret alone stops nothing, so nothing here is more than `mayBlock`; and nobody reads of more entries
 * than the budget suffices for.
 *
 * | the Secret                          | an entry                                  | finding                  |
 * | ----------------------------------- | ----------------------------------------- | ------------------------ |
 * | gives nothing to any Pod            | whatever                                  | that of a reference to it |
 * | has a usable entry                  | is Docker's own stash                     | none                     |
 * | has a usable entry                  | has a key that can match no image         | EntryCoversNothing       |
 * | has a usable entry                  | has no user name or no password           | EntryWithoutCredentials  |
 * | has a usable entry                  | has a password that ends in white space   | CredentialsDoubtful      |
 */
export function findFaultsOfSecret({
  reading,
  budget,
  place,
}: Pick<SecretFacts, 'reading' | 'budget' | 'place'>): Finding[] {
  const about = { effect: 'mayBlock', secret: reading.name, origin: 'object', affectsPrivate: false } as const
  const fault = faultOf(reading)
  if (fault !== undefined) {
    return [{ code: fault.code, ...about, ...tellFault(reading.name, fault, 'a Pod that names it', place) }]
  }
  if (reading.kind !== 'pullSecret') return []
  const findings: Finding[] = []
  for (const entry of reading.entries) {
    const found = findFaultsOfEntry(entry, reading, budget.explanations, place)
    if (!budget.explanations.spend(FAULT_OF_ENTRY_STEPS * found.length)) break
    for (const one of found) findings.push({ ...about, ...one })
  }
  return findings
}

type FaultOfEntry = Pick<Finding, 'code' | 'problem' | 'advice' | 'suggestion'>

function findFaultsOfEntry(
  entry: Entry,
  { name, store }: PullSecret,
  budget: StepCounter,
  place: SecretPlace,
): FaultOfEntry[] {
  const { key, usable, trailing } = entry
  if (!budget.spend(KEY_CHECK_STEPS + key.length / 2) || isDockerStash(key)) return []
  const found: FaultOfEntry[] = []
  const useless = keyThatWouldWork(key)
  if (useless !== undefined) {
    const { instead } = useless
    found.push({
      code: 'EntryCoversNothing',
      ...(instead === undefined ? {} : { suggestion: { of: 'key', text: instead } }),
      problem: describeUselessKey(name, key),
      advice: correctRegistry(instead),
    })
  }
  const entryIn = `"${key}" in Secret "${name}"`
  if (!usable) {
    found.push({
      code: 'EntryWithoutCredentials',
      problem: `the entry ${entryIn} ${explainLack(entry, store)}`,
      advice: completeEntry(true),
    })
  }
  if (trailing !== undefined) {
    const problem = `the password for ${entryIn} ends in ${TRAILING[trailing]}`
    found.push({ code: 'CredentialsDoubtful', problem, advice: trimPassword(name, place, IGNORE) })
  }
  return found
}

const IGNORE = { annotation: IGNORE_ANNOTATION, value: 'CredentialsDoubtful' } as const
const TRAILING = { lineBreak: 'a line break (echo without -n?)', blank: 'a blank' } as const

/** @param key a Secret's own writer may read it as it is; for anybody else it has to be one that parses */
export function describeUselessKey(secret: string, key: string): string {
  return `the registry in Secret "${secret}" is written "${key}", which never matches an image`
}
