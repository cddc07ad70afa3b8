import type { Issued } from './issue.ts'
import { faultOfPair, leafNames, notAfter } from './pair.ts'
import type { SecretData } from './secret-data.ts'

/** What a certificate has to be. */
export interface Terms {
  /** DNS names and IP addresses of the leaf. */
  readonly names: readonly string[]
  /** Milliseconds. */
  readonly lifetime: number
}

/** What is to be done about the certificates that are kept, and which of them may be served. */
export interface Rotation {
  /** That may be served as soon as its authority is known. */
  readonly current: Issued | undefined
  /** That may follow it as soon as its authority is known. */
  readonly next: Issued | undefined
  /** That a pair has to be made which is to follow, and for what: one sentence. */
  readonly make: string | undefined
}

/**
 * | current | next | |
 * | --- | --- | --- |
 * | usable, within two thirds of its life | unusable or none | nothing to do |
 * | usable, past two thirds of its life | unusable or none | make one that is to follow |
 * | unusable or none | unusable or none | make one that is to follow |
 * | any | usable | publish its authority, then let it follow |
 *
 * A leaf and its authority live equally long, so neither can outlast the other.
 *
 * @param now milliseconds since the epoch
 */
export function planRotation(kept: SecretData, { names, lifetime }: Terms, now: number): Rotation {
  const fault = faultOf(kept.current, names, now)
  const current = fault === undefined ? kept.current : undefined
  const next = faultOf(kept.next, names, now) === undefined ? kept.next : undefined
  if (next !== undefined) return { current, next, make: undefined }
  const isDue = current !== undefined && notAfter(current) - now <= lifetime / 3
  return { current, next, make: fault ?? (isDue ? 'two thirds of its lifetime are over' : undefined) }
}

/**
 * The names of a pair that is to follow: ours, and those of a kept one that lacks nothing but them. Two versions of regcred
 * that want different names, as in a roll-out, then agree on a certificate with both, and do not replace each other's for
 * ever.
 */
export function namesToIssue({ current, next }: SecretData, names: readonly string[], now: number): readonly string[] {
  const lacking = [current, next]
    .filter(pair => pair !== undefined)
    .filter(pair => faultOf(pair, names, now) !== undefined && faultOf(pair, [], now) === undefined)
  return [...new Set([...names, ...lacking.flatMap(leafNames)])]
}

function faultOf(pair: Issued | undefined, names: readonly string[], now: number): string | undefined {
  return pair === undefined ? 'there is none' : faultOfPair(pair, now, { names, ca: pair.ca })
}
