import { DoorError } from './errors.ts'

interface Waiting {
  readonly weight: number
  /** On the clock; a timer may come late where the event loop does. */
  readonly until: number
  readonly enter: () => void
  readonly turnAway: () => void
}

/** Gives back the room that was taken; to be called once. */
export type Leave = () => void

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
   * Takes room, where there is any at once; else waits for it, and rejects with OVERLOADED.
   *
   * @param weight at most the limit
   * @param until milliseconds on the clock
   */
  enter(weight: number, until: number): Leave | Promise<Leave> {
    if (this.#queue.size > 0 || weight > this.#room) return this.#wait(weight, until)
    this.#room -= weight
    return this.#leaveWith(weight)
  }

  #leaveWith(weight: number): Leave {
    return () => {
      this.#room += weight
      if (this.#queue.size > 0) this.#letIn()
    }
  }

  #wait(weight: number, until: number): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const waiting = {
        weight,
        until,
        enter: () => {
          clearTimeout(timer)
          resolve(this.#leaveWith(weight))
        },
        turnAway: () => {
          clearTimeout(timer)
          reject(new DoorError('OVERLOADED'))
        },
      }
      const late = () => {
        this.#queue.delete(waiting)
        waiting.turnAway()
        this.#letIn()
      }
      const timer = setTimeout(late, Math.max(0, until - this.#clock()))
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
