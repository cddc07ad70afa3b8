/** Gives back what was acquired; to be called once. */
export type Release = () => void

/** There was no room before the deadline of whoever asked for it. */
export class AcquireTimeoutError extends Error {}

interface Waiting {
  /** On the clock; a timer may come late where the event loop does. */
  readonly deadline: number
  readonly admit: () => void
  readonly turnAway: () => void
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
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const turnAway = () => {
      this.#queue.delete(waiting)
      clearTimeout(timer)
      reject(new AcquireTimeoutError('there was no room in time'))
    }
    const admit = () => {
      this.#queue.delete(waiting)
      clearTimeout(timer)
      this.#free -= 1
      resolve()
    }
    const timer = setTimeout(turnAway, Math.max(0, deadline - this.#clock()))
    const waiting = { deadline, admit, turnAway }
    this.#queue.add(waiting)
    return promise
  }

  #admitNext(): void {
    for (const { deadline, admit, turnAway } of this.#queue) {
      if (this.#free === 0) return
      if (deadline < this.#clock()) turnAway()
      else admit()
    }
  }
}
