import { InvalidArgumentError } from 'commander'

/** The highest port. */
const MAX_PORT = 65_535
/** Longest time from failing readiness to closing. */
const MAX_SHUTDOWN_DELAY_SECONDS = 3600

/** @throws {InvalidArgumentError} unless it is a port, or 0 */
export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

/** @throws {InvalidArgumentError} unless it is a whole number of seconds, at most an hour */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds <= MAX_SHUTDOWN_DELAY_SECONDS) return seconds
  throw new InvalidArgumentError('Give whole seconds from 0 to 3600.')
}

const MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 }
/** Shortest lifetime of a self-managed certificate. */
const MIN_LIFETIME_MS = 10_000
/** Longest lifetime of a self-managed certificate: ten years. */
const MAX_LIFETIME_MS = 87_600 * 3_600_000

/**
 * The life of a certificate, e.g. `2160h`, in milliseconds.
 *
 * @throws {InvalidArgumentError} unless it is a number of hours, minutes or seconds, from ten seconds (in which two thirds of
 *   its life can still be told from the end of it) to ten years
 */
export function parseLifetime(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([hms])$/.exec(text) ?? []
  const lifetime = Number(amount) * (MILLISECONDS[unit] ?? Number.NaN)
  if (lifetime >= MIN_LIFETIME_MS && lifetime <= MAX_LIFETIME_MS) return lifetime
  throw new InvalidArgumentError('Give hours, minutes or seconds from 10s to 87600h, e.g. 2160h.')
}
