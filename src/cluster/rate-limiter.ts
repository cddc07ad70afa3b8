import type { Clock } from '../runtime/clock.ts'

/** Live reads a second; each is up to three small lists. */
const MAX_READS_PER_SECOND = 100
/** Live reads that may begin at once after a quiet time. */
const MAX_READ_BURST = 200
/** Reads of the burst that are kept for people, and that those for controllers leave. */
const MIN_READS_FOR_PEOPLE = 100
/** Longest pause that the API server may ask for. */
const MAX_PAUSE_MS = 30_000

/**
 * A token bucket: how many live reads may begin, so that nothing that goes wrong by the thousand turns into load on the API
 * server. A caller that gets no token is told so at once: there is no line in which reads grow old.
 */
export class RateLimiter {
  readonly #clock: Clock
  #tokens = MAX_READ_BURST
  #filledAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#filledAt = clock.now()
  }

  /** Whether a read may begin now. */
  tryAccept(forPerson: boolean): boolean {
    this.#refill()
    if (this.#tokens < (forPerson ? 1 : MIN_READS_FOR_PEOPLE + 1)) return false
    this.#tokens -= 1
    return true
  }

  /** Lets no read begin for so many milliseconds, because the API server asks for that. */
  pause(milliseconds: number): void {
    if (milliseconds <= 0) return
    this.#refill()
    this.#filledAt = Math.max(this.#filledAt, this.#clock.now() + Math.min(milliseconds, MAX_PAUSE_MS))
    this.#tokens = 0
  }

  #refill(): void {
    const elapsed = this.#clock.now() - this.#filledAt
    if (elapsed <= 0) return
    this.#tokens = Math.min(MAX_READ_BURST, this.#tokens + (elapsed / 1000) * MAX_READS_PER_SECOND)
    this.#filledAt += elapsed
  }
}
