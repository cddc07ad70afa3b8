import type { Clock } from '../../src/runtime/clock.ts'

interface Sleeper {
  readonly due: number
  readonly length: number
  readonly wake: () => void
}

/** A clock that stands still until it is told to move on. */
export class FakeClock implements Clock {
  #now = 0
  readonly #sleepers = new Set<Sleeper>()
  #watchers: (() => void)[] = []

  now(): number {
    return this.#now
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const sleeper: Sleeper = { due: this.#now + milliseconds, length: milliseconds, wake: resolve }
    this.#sleepers.add(sleeper)
    signal.addEventListener('abort', () => resolve(), { once: true })
    for (const watcher of this.#watchers.splice(0)) watcher()
    await promise
    this.#sleepers.delete(sleeper)
  }

  /** Moves on, and wakes whoever is due by then. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
    for (const sleeper of this.#sleepers) if (sleeper.due <= this.#now) sleeper.wake()
  }

  /** Resolves once somebody sleeps for between `least` and `most` milliseconds, to how many there are left. */
  async sleepOf(least: number, most: number): Promise<number> {
    for (;;) {
      const found = [...this.#sleepers].find(({ length }) => length >= least && length <= most)
      if (found !== undefined) return found.due - this.#now
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#watchers.push(resolve)
      await promise
    }
  }
}
