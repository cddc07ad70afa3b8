import { DoorError } from './errors.ts'

interface Waiting {
  readonly enter: () => void
}

/**
 * Lets a bounded number of reviews be under way. A further one waits as long as its own deadline allows, first come first
 * served, and is told at once when that has passed.
 */
export class Turnstile {
  readonly #limit: number
  readonly #queue = new Set<Waiting>()
  #inside = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /**
   * Runs work inside, after waiting for a place.
   *
   * @param patience milliseconds
   * @throws {DoorError} OVERLOADED
   */
  async pass<T>(patience: number, work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#limit) await this.#wait(patience)
    else this.#inside += 1
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #wait(patience: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        this.#queue.delete(waiting)
        reject(new DoorError('OVERLOADED'))
      }, patience)
      this.#queue.add(waiting)
    })
  }

  /** A place is handed on rather than given back, so that nobody overtakes the queue. */
  #leave(): void {
    const [next] = this.#queue
    if (next === undefined) {
      this.#inside -= 1
      return
    }
    this.#queue.delete(next)
    next.enter()
  }
}
