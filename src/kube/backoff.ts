import { ApiError } from './api-error.ts'

const FIRST_DELAY = 500
const LONGEST_DELAY = 10_000
const LONGEST_RETRY_AFTER = 300_000

/**
 * Milliseconds to wait before the next attempt: doubling with each failure in a row, at most ten seconds, each time
 * between half of it and all of it, so that replicas do not come back in step; longer where the API server asks for it.
 *
 * @param failures in a row before this one counted, 0 after a success
 * @param random from 0 to 1
 */
export function delayAfter(failures: number, trouble: unknown, random: () => number): number {
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures) * (0.5 + random() / 2)
  const asked = trouble instanceof ApiError ? (trouble.retryAfter ?? 0) : 0
  return Math.max(delay, Math.min(asked, LONGEST_RETRY_AFTER))
}

/** About so much: a fifth more or less. */
export function about(amount: number, random: () => number): number {
  return amount * (0.8 + random() * 0.4)
}
