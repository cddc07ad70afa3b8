import { parseDuration } from '../runtime/duration.ts'
import { memoize } from '../runtime/memoize.ts'

/** Timeout of a caller that does not say: the default of a webhook configuration. */
const DEFAULT_TIMEOUT_MS = 10_000
/** Longest timeout that a webhook configuration can ask for. */
const MAX_TIMEOUT_MS = 30_000
/** Part of the timeout that is kept for sending the answer; a tenth of it where that is less. */
const MAX_SENDING_TIME_MS = 250
/** Durations in one of the two generations of the memo. */
const MAX_MEMOIZED_DURATIONS = 64

/**
 * The milliseconds until the API server stops waiting, from `?timeout=`, less what it takes to send an answer.
 *
 * @param timeout a duration as Go prints it, e.g. `10s`, `1m0s`, `500ms`; anything else counts as not set
 */
export function timeToAnswer(timeout: unknown): number {
  const asked = typeof timeout === 'string' ? readDuration(timeout).milliseconds : undefined
  const milliseconds = Math.min(asked ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS)
  return Math.max(0, milliseconds - Math.min(MAX_SENDING_TIME_MS, milliseconds / 10))
}

/** API servers send the same few durations again and again. */
const readDuration = memoize(text => ({ milliseconds: parseDuration(text) }), MAX_MEMOIZED_DURATIONS)
