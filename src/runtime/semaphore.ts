/** Gives back what was acquired; to be called once. */
export type Release = () => void

/** There was no room before the deadline of whoever asked for it. */
export class AcquireTimeoutError extends Error {}

interface Waiting {
  readonly weight: number
  /** On the clock; a timer may come late where the event loop does. */
  readonly deadline: number
  readonly admit: () => void
  readonly turnAway: () => void
}

/**
 * A weighted semaphore, first come first served: `acquire` resolves once the weight is free, and rejects at its deadline.
 *
 * Nobody overtakes: what is light waits behind what is heavy, or that would wait for ever.
 */
export class Semaphore {
  readonly #queue = new Set<Waiting>()
  readonly #clock: () => number
  #free: number

  /**
   * @param limit of the weights of all that hold it
   * @param clock monotonic milliseconds
   */
  constructor(limit: number, clock: () => number = () => performance.now()) {
    this.#free = limit
    this.#clock = clock
  }

  /**
   * @param weight at most the limit
   * @param deadline milliseconds on the clock; without it there is none
   * @throws {AcquireTimeoutError} at the deadline
   */
  async acquire(weight = 1, deadline: number = Number.POSITIVE_INFINITY): Promise<Release> {
    if (this.#queue.size > 0 || weight > this.#free) await this.#wait(weight, deadline)
    else this.#free -= weight
    return () => {
      this.#free += weight
      if (this.#queue.size > 0) this.#admitNext()
    }
  }

  #wait(weight: number, deadline: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let timer: NodeJS.Timeout | undefined
    const waiting = {
      weight,
      deadline,
      admit: () => {
        clearTimeout(timer)
        resolve()
      },
      turnAway: () => {
        clearTimeout(timer)
        reject(new AcquireTimeoutError('there was no room in time'))
      },
    }
    this.#queue.add(waiting)
    if (deadline !== Number.POSITIVE_INFINITY) {
      const expire = () => {
        this.#queue.delete(waiting)
        waiting.turnAway()
        this.#admitNext()
      }
      timer = setTimeout(expire, Math.max(0, deadline - this.#clock()))
    }
    return promise
  }

  #admitNext(): void {
    for (const waiting of this.#queue) {
      const isLate = waiting.deadline < this.#clock()
      if (!isLate && waiting.weight > this.#free) return
      this.#queue.delete(waiting)
      if (isLate) waiting.turnAway()
      else {
        this.#free -= waiting.weight
        waiting.admit()
      }
    }
  }
}
