import { count } from './count.ts'
import { present } from './present.ts'

/** Milliseconds of each unit. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ns', 1e-6],
])

const AMOUNT = /(\d+\.?\d*|\.\d+)([a-zµμ]+)/y
/** Characters of a duration: nobody writes longer ones, and they come from strangers too. */
const MAX_DURATION_LENGTH = 40

/**
 * Reads a duration as Go writes it, and flags and query parameters of Kubernetes with it: `10s`, `1m0s`, `1.5h`, `0`.
 *
 * @returns milliseconds; undefined for anything else, and for what is negative
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
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

/** From which length on a span is told in a unit, and how long that is. A day and a half is 36 hours. */
const SPANS = [
  { from: 172_800_000, size: 86_400_000, unit: 'day' },
  { from: 3_600_000, size: 3_600_000, unit: 'hour' },
  { from: 60_000, size: 60_000, unit: 'minute' },
  { from: 0, size: 1000, unit: 'second' },
] as const

/**
 * A span of time as people say it, in its largest unit, rounded down, e.g. `4 days`, `14 minutes`; of less than a second `0 seconds`.
 *
 * @param milliseconds of which the sign does not count
 */
export function writeSpan(milliseconds: number): string {
  const span = Math.abs(milliseconds)
  const { size, unit } = present(SPANS.find(({ from }) => span >= from))
  return count(Math.floor(span / size), unit)
}
