import type { Effect, Finding, FindingCode } from '../policy/finding.ts'
import type { Planned, Skipped, SkipReason } from '../policy/plan.ts'
import type { Origin } from '../policy/reference.ts'
import type { Suggestions } from '../policy/settings.ts'

/*
 * What records may say: audit annotations, the log and metrics, which more people may read than the object. They carry codes,
 * the names that the object itself holds, and where another name is from, so that one knows where to ask. Never a message: that
 * is for who asked, and may name other Secrets, keys, types and times.
 */

/** A finding as it is recorded. */
export interface FindingRecord {
  readonly code: FindingCode
  readonly effect: Effect
  /** If the object itself holds the name. */
  readonly secret?: string
  /** Where the name is from, in the place of one that the object does not hold. */
  readonly from?: Exclude<Origin, 'object'>
  readonly container?: string
  /** The near Secret, or the one that would help; with `suggestions: all` alone. */
  readonly suggestion?: string
}

/** A decision not to add a pull secret as it is recorded. */
export interface SkipRecord {
  /** The name, if the object itself holds it. */
  readonly held: string | null
  /** Where the name is from; null where the decision is about everything. */
  readonly source: Skipped['source']
  readonly reason: SkipReason
}

/** A pull secret that would be added, as it is recorded: the object will not hold its name. */
export interface WouldAddRecord {
  /** The name, if the object itself holds it, or with `suggestions: all`. */
  readonly secret?: string
  readonly source: Planned['source']
}

/** Whether the object itself holds the name of a Secret. */
export type HoldsName = (secret: string) => boolean

export function recordFindings(
  findings: readonly Finding[],
  holds: HoldsName,
  suggestions: Suggestions,
): readonly FindingRecord[] {
  return findings.map(({ code, effect, secret, container, origin, suggestion }) => ({
    code,
    effect,
    ...(secret === undefined ? {} : holds(secret) ? { secret } : origin === 'object' ? {} : { from: origin }),
    ...(container === undefined ? {} : { container }),
    ...(suggestion?.of === 'secret' && suggestions === 'all' ? { suggestion: suggestion.text } : {}),
  }))
}

export function recordSkips(skipped: readonly Skipped[], holds: HoldsName): readonly SkipRecord[] {
  return skipped.map(({ secret, source, reason }) => ({
    held: secret !== null && holds(secret) ? secret : null,
    source,
    reason,
  }))
}

export function recordWouldAdd(
  wouldAdd: readonly Planned[],
  holds: HoldsName,
  suggestions: Suggestions,
): readonly WouldAddRecord[] {
  return wouldAdd.map(({ secret, source }) => ({
    ...(holds(secret) || suggestions === 'all' ? { secret } : {}),
    source,
  }))
}
