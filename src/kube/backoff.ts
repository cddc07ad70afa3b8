import { ApiError } from './api-error.ts'

/** Wait before the second attempt; it doubles from there. */
const FIRST_DELAY_MS = 500
/** Longest wait that we choose ourselves. */
const MAX_DELAY_MS = 10_000
/** Longest wait that the API server may ask for. */
const MAX_RETRY_AFTER_MS = 300_000

/**
 * Exponential backoff with jitter: milliseconds to wait before the next attempt. They double with each failure in a row, up to
 * ten seconds, and are between half of that and all of it, so that replicas do not all come back at once; longer where the API
 * server asks for it.
 *
 * @param failures in a row before this one counted, 0 after a success
 * @param random from 0 to 1
 */
export function delayAfter(failures: number, trouble: unknown, random: () => number): number {
  const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures) * (0.5 + random() / 2)
  const asked = trouble instanceof ApiError ? (trouble.retryAfter ?? 0) : 0
  return Math.max(delay, Math.min(asked, MAX_RETRY_AFTER_MS))
}

/** About so much: a fifth more or less. */
export function about(amount: number, random: () => number): number {
  return amount * (0.8 + random() * 0.4)
}
