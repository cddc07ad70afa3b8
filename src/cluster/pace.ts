import type { Clock } from './clock.ts'

/** Reads; each is up to three small lists. */
const PER_SECOND = 100
const MOST_AT_ONCE = 200
/** What reads for controllers leave to those for people. */
const KEPT_FOR_PEOPLE = 100
/** Milliseconds. */
const LONGEST_PAUSE = 30_000

/**
 * How many reads may begin, so that nothing that goes wrong by the thousand turns into load on the API server.
 *
 * There is room for so many at once, which comes back with time. Whoever finds none is told so, and does not wait: there is
 * no line in which reads grow old.
 */
export class Pace {
  readonly #clock: Clock
  #room = MOST_AT_ONCE
  #at: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#at = clock.now()
  }

  /** Whether a read may begin now. */
  take(forPerson: boolean): boolean {
    this.#refill()
    if (this.#room < (forPerson ? 1 : KEPT_FOR_PEOPLE + 1)) return false
    this.#room -= 1
    return true
  }

  /** Lets no read begin for so many milliseconds, because the API server asks for that. */
  pause(milliseconds: number): void {
    if (milliseconds <= 0) return
    this.#refill()
    this.#at = Math.max(this.#at, this.#clock.now() + Math.min(milliseconds, LONGEST_PAUSE))
    this.#room = 0
  }

  #refill(): void {
    const elapsed = this.#clock.now() - this.#at
    if (elapsed <= 0) return
    this.#room = Math.min(MOST_AT_ONCE, this.#room + (elapsed / 1000) * PER_SECOND)
    this.#at += elapsed
  }
}
