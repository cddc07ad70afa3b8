/** Gives back what was acquired; to be called once. */
export type Release = () => void

/** There was no room before the deadline of whoever asked for it. */
export class AcquireTimeoutError extends Error {}

/** Somebody who waits for a place, until he is admitted or turned away; at his deadline that happens by itself. */
export class Waiting {
  /** Resolves when he is admitted, and rejects with an {@link AcquireTimeoutError} when he is turned away. */
  readonly turn: Promise<void>
  readonly #deadline: number
  readonly #clock: () => number
  readonly #end: (isAdmitted: boolean) => void

  /**
   * @param deadline milliseconds on the clock
   * @param leave called once, when he waits no longer
   */
  constructor(deadline: number, clock: () => number, leave: () => void) {
    this.#deadline = deadline
    this.#clock = clock
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.turn = promise
    const timer = setTimeout(() => this.turnAway(), Math.max(0, deadline - clock()))
    this.#end = isAdmitted => {
      clearTimeout(timer)
      leave()
      if (isAdmitted) resolve()
      else reject(noRoom())
    }
  }

  /** A timer may come late where the event loop does. */
  get isLate(): boolean {
    return this.#deadline < this.#clock()
  }

  admit(): void {
    this.#end(true)
  }

  turnAway(): void {
    this.#end(false)
  }
}

export function noRoom(): AcquireTimeoutError {
  return new AcquireTimeoutError('there was no room in time')
}

/** A semaphore, first come first served: `acquire` resolves once a place is free, and rejects at its deadline. */
export class Semaphore {
  readonly #queue = new Set<Waiting>()
  readonly #clock: () => number
  #free: number

  /**
   * @param limit places
   * @param clock monotonic milliseconds
   */
  constructor(limit: number, clock: () => number = () => performance.now()) {
    this.#free = limit
    this.#clock = clock
  }

  /**
   * @param deadline milliseconds on the clock
   * @throws {AcquireTimeoutError} at the deadline
   */
  async acquire(deadline: number): Promise<Release> {
    if (this.#free === 0) await this.#wait(deadline)
    else this.#free -= 1
    return () => {
      this.#free += 1
      this.#admitNext()
    }
  }

  #wait(deadline: number): Promise<void> {
    const waiting = new Waiting(deadline, this.#clock, () => this.#queue.delete(waiting))
    this.#queue.add(waiting)
    return waiting.turn
  }

  #admitNext(): void {
    for (const waiting of this.#queue) {
      if (this.#free === 0) return
      if (waiting.isLate) waiting.turnAway()
      else {
        this.#free -= 1
        waiting.admit()
      }
    }
  }
}
