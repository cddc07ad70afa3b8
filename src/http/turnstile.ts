import { DoorError } from './errors.ts'

interface Waiting {
  readonly weight: number
  /** On the clock; a timer may come late where the event loop does. */
  readonly until: number
  readonly enter: () => void
  readonly turnAway: () => void
}

/**
 * Lets in what its limit has room for. Whatever comes then waits as long as its own deadline allows, first come first
 * served, and is told at once when that has passed.
 */
export class Turnstile {
  readonly #queue = new Set<Waiting>()
  #room: number

  readonly #clock: () => number

  /**
   * @param limit of the weights of all that are inside
   * @param clock monotonic milliseconds
   */
  constructor(limit: number, clock: () => number = () => performance.now()) {
    this.#room = limit
    this.#clock = clock
  }

  /**
   * Waits for room and takes it, until what is returned is called.
   *
   * @param weight at most the limit
   * @param patience milliseconds
   * @throws {DoorError} OVERLOADED
   */
  async enter(weight: number, patience: number): Promise<() => void> {
    if (this.#queue.size === 0 && weight <= this.#room) this.#room -= weight
    else await this.#wait(weight, patience)
    return () => {
      this.#room += weight
      this.#letIn()
    }
  }

  #wait(weight: number, patience: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        weight,
        until: this.#clock() + patience,
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
        turnAway: () => {
          clearTimeout(timer)
          reject(new DoorError('OVERLOADED'))
        },
      }
      const timer = setTimeout(() => {
        this.#queue.delete(waiting)
        waiting.turnAway()
        this.#letIn()
      }, patience)
      this.#queue.add(waiting)
    })
  }

  /** Nobody overtakes: what is light waits behind what is heavy, or that would wait for ever. */
  #letIn(): void {
    for (const waiting of this.#queue) {
      const isLate = waiting.until < this.#clock()
      if (!isLate && waiting.weight > this.#room) return
      this.#queue.delete(waiting)
      if (isLate) waiting.turnAway()
      else {
        this.#room -= waiting.weight
        waiting.enter()
      }
    }
  }
}
