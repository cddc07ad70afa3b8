/** What is assumed where the caller does not say; the default of a webhook configuration. */
const DEFAULT_TIMEOUT = 10_000
/** The longest that a webhook configuration can ask for. */
const LONGEST_TIMEOUT = 30_000

/** Milliseconds of each unit, and where its amounts stand in a duration. */
const UNITS: readonly { readonly milliseconds: number; readonly amounts: RegExp }[] = Object.entries({
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
}).map(([unit, milliseconds]) => ({ milliseconds, amounts: new RegExp(`([\\d.]+)${unit}(?![a-z])`, 'g') }))

/**
 * The milliseconds until the API server stops waiting, from `?timeout=`, less what it takes to send an answer.
 *
 * @param timeout a duration as Go prints it, e.g. `10s`, `1m0s`, `500ms`; anything else counts as not set
 */
export function timeToAnswer(timeout: unknown): number {
  const asked = typeof timeout === 'string' ? goDuration(timeout) : undefined
  const milliseconds = Math.min(asked ?? DEFAULT_TIMEOUT, LONGEST_TIMEOUT)
  return Math.max(0, milliseconds - Math.min(250, milliseconds / 10))
}

function goDuration(text: string): number | undefined {
  if (text.length > 40 || !/^(\d+(\.\d+)?(h|m|s|ms|us|µs|ns))+$/.test(text)) return undefined
  return UNITS.flatMap(({ milliseconds, amounts }) =>
    [...text.matchAll(amounts)].map(([, amount]) => Number(amount) * milliseconds),
  ).reduce((sum, part) => sum + part, 0)
}
