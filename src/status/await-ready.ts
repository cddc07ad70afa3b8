import { AskError } from '../ask/ask-error.ts'
import type { Clock } from '../runtime/clock.ts'
import { writeSpan } from '../runtime/duration.ts'
import type { ReleaseStatus } from './read-status.ts'
import { judgeStatus, type Verdict } from './verdict.ts'
import { tellMissing } from './write-status.ts'

/** Time between two looks. */
const MIN_PAUSE_MS = 1000

export interface Wait {
  /** The longest, in milliseconds; 0 looks once. */
  readonly milliseconds: number
  readonly clock: Clock
  /** Told what is missing, after each look. */
  readonly tell: (text: string) => void
}

/** What was seen at the last look. */
export interface LastLook {
  readonly releases: readonly ReleaseStatus[]
  readonly verdict: Verdict
}

/**
 * Looks until regcred is ready, or time is up. A cluster that does not answer may do so a second later.
 *
 * @throws {AskError} where it did not answer the last time either
 */
export async function awaitReady(
  look: () => Promise<readonly ReleaseStatus[]>,
  { milliseconds, clock, tell }: Wait,
): Promise<LastLook> {
  const end = clock.now() + milliseconds
  for (;;) {
    const left = end - clock.now()
    const seen = await lookOnce(look)
    if (!(seen instanceof AskError) && seen.verdict === 'ready') return seen
    if (left <= 0) {
      if (seen instanceof AskError) throw seen
      return seen
    }
    const missing = seen instanceof AskError ? seen.message : tellMissing(seen.releases)
    tell(`waiting for ${writeSpan(left)} more: ${missing}`)
    await clock.sleep(Math.min(MIN_PAUSE_MS, left), NEVER)
  }
}

const NEVER = new AbortController().signal

async function lookOnce(look: () => Promise<readonly ReleaseStatus[]>): Promise<LastLook | AskError> {
  try {
    const releases = await look()
    return { releases, verdict: judgeStatus(releases) }
  } catch (error) {
    if (error instanceof AskError) return error
    throw error
  }
}
