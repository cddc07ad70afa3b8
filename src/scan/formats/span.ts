const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const

/** A span of time in its largest unit, e.g. `4 days`; what is shorter than a minute is one. */
export function writeSpan(milliseconds: number): string {
  const [size, unit] = UNITS.find(([size]) => milliseconds >= size) ?? [60_000, 'minute']
  const number = Math.max(1, Math.floor(milliseconds / size))
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
