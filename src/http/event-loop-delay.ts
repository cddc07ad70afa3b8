/** How often the delay is measured. */
const SAMPLE_INTERVAL_MS = 50
/** Time after which it is no longer measured where nobody has asked: to wake up 20 times a second is what an idle process does most. */
const UNASKED_TIMEOUT_MS = 10_000

/**
 * The delay of the event loop: how long what arrives has waited for its turn. What comes in while the loop is busy lies in the
 * system's buffers, where no clock of ours counts it.
 */
export class EventLoopDelay {
  readonly #clock: () => number
  #timer: NodeJS.Timeout | undefined
  #due = 0
  #late = 0
  #askedAt: number

  /** @param clock monotonic milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock
    this.#askedAt = clock()
    this.#start()
  }

  /** Milliseconds that this turn of the loop was late, or that the next one is already; 0 where nobody has asked for long. */
  get now(): number {
    this.#askedAt = this.#clock()
    if (this.#timer === undefined) this.#start()
    return Math.max(this.#late, this.#lateness())
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #start(): void {
    this.#due = this.#clock() + SAMPLE_INTERVAL_MS
    this.#timer = setInterval(() => this.#sample(), SAMPLE_INTERVAL_MS)
    this.#timer.unref()
  }

  #sample(): void {
    this.#late = this.#lateness()
    this.#due = this.#clock() + SAMPLE_INTERVAL_MS
    // By then whatever lay in the buffers has been seen; what comes later has not waited.
    setImmediate(() => {
      this.#late = 0
    })
    if (this.#clock() - this.#askedAt > UNASKED_TIMEOUT_MS) this.stop()
  }

  #lateness(): number {
    return Math.max(0, this.#clock() - this.#due)
  }
}
