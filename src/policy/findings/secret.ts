import { keyThatWouldWork } from '../../kubelet/near-miss.ts'
import type { SecretFacts } from '../facts.ts'
import type { Finding } from '../finding.ts'
import { faultOf, writeFault } from './reference.ts'

/** What it costs to find out that a key can match an image, and what it costs besides to find out that it can't. */
const KEY_CHECK_STEPS = 100
const USELESS_KEY_STEPS = 2000

/**
 * What is wrong with a Secret of a pull-secret type itself, when it is written: the moment when someone can still do
 * something about it. A Secret alone stops nothing, so nothing here is more than `mayBlock`; and nobody reads of more keys than
 * the budget suffices for.
 */
export function findFaultsOfSecret({ reading, budget }: SecretFacts): Finding[] {
  const about = { effect: 'mayBlock', secret: reading.name, origin: 'object', affectsPrivate: false } as const
  const fault = faultOf(reading)
  const found =
    fault === undefined
      ? []
      : [{ code: fault.code, ...about, message: writeFault(reading.name, fault, 'a Pod that names it') }]
  if (reading.kind !== 'pullSecret' || fault !== undefined) return found
  return reading.entries.flatMap((entry): Finding[] => {
    if (!budget.spend(KEY_CHECK_STEPS + entry.key.length / 10)) return []
    const useless = keyThatWouldWork(entry.key)
    if (useless === undefined || !budget.spend(USELESS_KEY_STEPS)) return []
    const { instead } = useless
    return [
      {
        code: 'EntryCoversNothing',
        ...about,
        ...(instead === undefined ? {} : { suggestion: { of: 'key', text: instead } }),
        message: writeUselessKey(reading.name, entry.key, instead),
      },
    ]
  })
}

/**
 * @param key a Secret's own writer may read it as it is; for anybody else it has to be one that parses
 * @param instead the key that was probably meant
 */
export function writeUselessKey(secret: string, key: string, instead: string | undefined): string {
  const advice = instead === undefined ? 'correct it' : `write "${instead}"`
  return `the registry in Secret "${secret}" is written "${key}", which never matches an image; ${advice}`
}
