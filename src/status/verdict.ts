import type { PartName } from './part.ts'
import type { ReleaseStatus } from './read-status.ts'

/** Whether regcred does its work; unknown where what matters could not be asked about. */
export type Verdict = 'ready' | 'notReady' | 'unknown'

/** Parts that say together that it does, where no dry run says so. */
const ESSENTIAL: ReadonlySet<PartName> = new Set(['replicas', 'webhooks', 'certificate'])

/**
 * | the releases                                                   | verdict  |
 * | -------------------------------------------------------------- | -------- |
 * | there is none                                                  | notReady |
 * | a part of one is bad                                           | notReady |
 * | of each a dry run was answered                                 | ready    |
 * | of each replicas, webhooks and certificate could be looked at  | ready    |
 * | any other                                                      | unknown  |
 */
export function judgeStatus(releases: readonly ReleaseStatus[]): Verdict {
  const parts = releases.flatMap(release => release.parts)
  if (releases.length === 0 || parts.some(({ state }) => state === 'bad')) return 'notReady'
  return releases.every(isProven) ? 'ready' : 'unknown'
}

function isProven({ parts }: ReleaseStatus): boolean {
  if (parts.some(({ part, state }) => part === 'dryRun' && state === 'good')) return true
  return parts.every(({ part, state }) => !ESSENTIAL.has(part) || state !== 'unknown')
}
