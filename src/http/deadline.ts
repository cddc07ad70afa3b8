import { parseDuration } from '../runtime/duration.ts'
import { memoize } from '../runtime/memoize.ts'

/** What is assumed where the caller does not say; the default of a webhook configuration. */
const DEFAULT_TIMEOUT = 10_000
/** The longest that a webhook configuration can ask for. */
const LONGEST_TIMEOUT = 30_000

/**
 * The milliseconds until the API server stops waiting, from `?timeout=`, less what it takes to send an answer.
 *
 * @param timeout a duration as Go prints it, e.g. `10s`, `1m0s`, `500ms`; anything else counts as not set
 */
export function timeToAnswer(timeout: unknown): number {
  const asked = typeof timeout === 'string' ? readDuration(timeout).milliseconds : undefined
  const milliseconds = Math.min(asked ?? DEFAULT_TIMEOUT, LONGEST_TIMEOUT)
  return Math.max(0, milliseconds - Math.min(250, milliseconds / 10))
}

/** API servers send the same few durations again and again. */
const readDuration = memoize(text => ({ milliseconds: parseDuration(text) }), 64)
