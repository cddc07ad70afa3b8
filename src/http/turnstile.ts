import { DoorError } from './errors.ts'

interface Waiting {
  readonly weight: number
  readonly enter: () => void
}

/**
 * Lets in what its limit has room for. Whatever comes then waits as long as its own deadline allows, first come first
 * served, and is told at once when that has passed.
 */
export class Turnstile {
  readonly #queue = new Set<Waiting>()
  #room: number

  /** @param limit of the weights of all that are inside */
  constructor(limit: number) {
    this.#room = limit
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
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        this.#queue.delete(waiting)
        reject(new DoorError('OVERLOADED'))
        this.#letIn()
      }, patience)
      this.#queue.add(waiting)
    })
  }

  /** Nobody overtakes: what is light waits behind what is heavy, or that would wait for ever. */
  #letIn(): void {
    for (const waiting of this.#queue) {
      if (waiting.weight > this.#room) return
      this.#room -= waiting.weight
      this.#queue.delete(waiting)
      waiting.enter()
    }
  }
}
