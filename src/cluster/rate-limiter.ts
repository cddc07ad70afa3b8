import type { Clock } from '../runtime/clock.ts'

/** Live reads a second; each is up to three small lists. */
const MAX_READS_PER_SECOND = 100
/** Live reads that may begin at once after a quiet time. */
const MAX_READ_BURST = 200
/** Longest pause that the API server may ask for. */
const MAX_PAUSE_MS = 30_000

/**
 * A token bucket: how many live reads may begin, so that nothing that goes wrong by the thousand turns into load on the API
 * server. Who gets the next token is decided by the queue in front of it.
 */
export class RateLimiter {
  readonly #clock: Clock
  #tokens = MAX_READ_BURST
  #filledAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#filledAt = clock.now()
  }

  /** The API server has asked for time. */
  get isPaused(): boolean {
    return this.#filledAt > this.#clock.now()
  }

  /** Milliseconds until a read may begin; 0 if one may now. */
  get wait(): number {
    const missing = Math.max(0, 1 - this.#tokens)
    return Math.max(0, this.#filledAt - this.#clock.now()) + Math.ceil((missing * 1000) / MAX_READS_PER_SECOND)
  }

  /** Fills the bucket up with what has come since. @returns the tokens for which there was no room */
  refill(): number {
    const elapsed = this.#clock.now() - this.#filledAt
    if (elapsed <= 0) return 0
    this.#filledAt += elapsed
    const tokens = this.#tokens + (elapsed / 1000) * MAX_READS_PER_SECOND
    this.#tokens = Math.min(MAX_READ_BURST, tokens)
    return tokens - this.#tokens
  }

  /** Takes a token; false if there is none. */
  tryAccept(): boolean {
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Lets no read begin for so many milliseconds, because the API server asks for that. */
  pause(milliseconds: number): void {
    if (milliseconds <= 0) return
    this.refill()
    this.#filledAt = Math.max(this.#filledAt, this.#clock.now() + Math.min(milliseconds, MAX_PAUSE_MS))
    this.#tokens = 0
  }
}
