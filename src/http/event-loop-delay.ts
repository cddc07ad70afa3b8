/** How often the delay is measured. */
const SAMPLE_INTERVAL_MS = 50

/**
 * The delay of the event loop: how long what arrives has waited for its turn. What comes in while the loop is busy lies in the
 * system's buffers, where no clock of ours counts it.
 */
export class EventLoopDelay {
  readonly #clock: () => number
  readonly #timer: NodeJS.Timeout
  #due: number
  #late = 0

  /** @param clock monotonic milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock
    this.#due = clock() + SAMPLE_INTERVAL_MS
    this.#timer = setInterval(() => {
      this.#late = this.#lateness()
      this.#due = this.#clock() + SAMPLE_INTERVAL_MS
      // By then whatever lay in the buffers has been seen; what comes later has not waited.
      setImmediate(() => {
        this.#late = 0
      })
    }, SAMPLE_INTERVAL_MS).unref()
  }

  /** Milliseconds that this turn of the loop was late, or that the next one is already. */
  get now(): number {
    return Math.max(this.#late, this.#lateness())
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #lateness(): number {
    return Math.max(0, this.#clock() - this.#due)
  }
}
