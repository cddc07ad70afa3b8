import { memoize } from '../runtime/memoize.ts'

/** Timeout of a caller that does not say: the default of a webhook configuration. */
const DEFAULT_TIMEOUT_MS = 10_000
/** Longest timeout that a webhook configuration can ask for. */
const MAX_TIMEOUT_MS = 30_000
/** Part of the timeout that is kept for sending the answer; a tenth of it where that is less. */
const MAX_SENDING_TIME_MS = 250
/** Durations in one of the two generations of the memo. */
const MAX_MEMOIZED_DURATIONS = 64
/** Characters of a duration; nobody writes longer ones. */
const MAX_DURATION_LENGTH = 40

/** Milliseconds of each unit. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ns', 1e-6],
])

const AMOUNT = /(\d+(?:\.\d+)?)([a-zµ]+)/y

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
const readDuration = memoize(text => ({ milliseconds: goDuration(text) }), MAX_MEMOIZED_DURATIONS)

function goDuration(text: string): number | undefined {
  if (text === '' || text.length > MAX_DURATION_LENGTH) return undefined
  let sum = 0
  for (let at = 0; at < text.length; at = AMOUNT.lastIndex) {
    AMOUNT.lastIndex = at
    const [, amount, unit = ''] = AMOUNT.exec(text) ?? []
    const milliseconds = UNITS.get(unit)
    if (milliseconds === undefined) return undefined
    sum += Number(amount) * milliseconds
  }
  return sum
}
