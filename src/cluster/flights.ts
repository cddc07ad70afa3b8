import type { Clock } from './clock.ts'
import type { Pace } from './pace.ts'
import type { Slots } from './slots.ts'
import type { ReadOptions } from './view.ts'

/** How one who asked was answered: by a read of his own, by one that another had begun, not in time, or not at all. */
export type Landing<A> = { readonly answer: A; readonly joined: boolean } | 'timeout' | 'limited'

interface Flight<A> {
  readonly answer: Promise<A | undefined>
  readonly abort: AbortController
  /** Of the clock; undefined while it waits for a slot. */
  sentAt: number | undefined
  ended: boolean
  waiting: number
}

/** Milliseconds for which a read may be shared, from when it was sent. */
const SHARED_FOR = 1000
const MOST_REMEMBERED = 1000

/**
 * Reads under way, by key, and those that just ended.
 *
 * | who asks | may join a read that |
 * | --- | --- |
 * | for a person | has not been sent yet |
 * | for others (`shared`) | has not been sent yet, or was sent at most a second ago, ended or not |
 * A read that nobody waits for any more is given up, and joined by nobody. Who can join none and finds no room for one of
 * his own is not answered.
 */
export class Flights<A extends object> {
  readonly #slots: Slots
  readonly #pace: Pick<Pace, 'take'>
  readonly #clock: Clock
  readonly #flights = new Map<string, Flight<A>>()

  constructor(slots: Slots, pace: Pick<Pace, 'take'>, clock: Clock) {
    this.#slots = slots
    this.#pace = pace
    this.#clock = clock
  }

  /** @param read must not reject, and may take for ever once its signal is aborted */
  async ask(key: string, options: ReadOptions, read: (signal: AbortSignal) => Promise<A>): Promise<Landing<A>> {
    if (options.timeout <= 0) return 'timeout'
    const found = this.#joinable(key, options.shared)
    if (found === undefined && !this.#pace.take(!options.shared)) return 'limited'
    const flight = found ?? this.#begin(key, read)
    const landed = new AbortController()
    flight.waiting += 1
    const answer = await Promise.race([flight.answer, this.#clock.sleep(options.timeout, landed.signal)])
    landed.abort()
    flight.waiting -= 1
    if (flight.waiting === 0 && !flight.ended) flight.abort.abort()
    return answer === undefined ? 'timeout' : { answer, joined: found !== undefined }
  }

  /** What was read until now is no longer shared. */
  forget(key: string): void {
    this.#flights.delete(key)
  }

  forgetAll(): void {
    this.#flights.clear()
  }

  #joinable(key: string, shared: boolean): Flight<A> | undefined {
    const flight = this.#flights.get(key)
    if (flight === undefined || flight.abort.signal.aborted) return undefined
    if (flight.sentAt === undefined) return flight
    return shared && this.#clock.now() - flight.sentAt <= SHARED_FOR ? flight : undefined
  }

  #begin(key: string, read: (signal: AbortSignal) => Promise<A>): Flight<A> {
    const { promise, resolve } = Promise.withResolvers<A | undefined>()
    const abort = new AbortController()
    const flight: Flight<A> = { answer: promise, abort, sentAt: undefined, ended: false, waiting: 0 }
    this.#remember(key, flight)
    void this.#fly(flight, read).then(resolve)
    return flight
  }

  async #fly(flight: Flight<A>, read: (signal: AbortSignal) => Promise<A>): Promise<A | undefined> {
    await this.#slots.take()
    try {
      // Whoever waited for it may have gone while it stood in line.
      if (flight.abort.signal.aborted) return undefined
      flight.sentAt = this.#clock.now()
      return await read(flight.abort.signal)
    } finally {
      flight.ended = true
      this.#slots.give()
    }
  }

  #remember(key: string, flight: Flight<A>): void {
    this.#flights.delete(key)
    this.#flights.set(key, flight)
    for (const [oldest, { sentAt }] of this.#flights) {
      const isShared = sentAt === undefined || this.#clock.now() - sentAt <= SHARED_FOR
      if (isShared && this.#flights.size <= MOST_REMEMBERED) break
      this.#flights.delete(oldest)
    }
  }
}
