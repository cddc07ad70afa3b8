import type { Clock } from '../runtime/clock.ts'
import type { Semaphore } from '../runtime/semaphore.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { ReadOptions } from './view.ts'

/** How a caller was answered: by a call of its own or one that another had begun, not in time, or not at all. */
export type CallOutcome<A> = { readonly answer: A; readonly shared: boolean } | 'timeout' | 'limited'

interface Call<A> {
  readonly answer: Promise<A | undefined>
  readonly abort: AbortController
  /** Of the clock; undefined while it waits for the semaphore. */
  sentAt: number | undefined
  ended: boolean
  waiting: number
}

/** How long a call may be shared, from when it was sent. */
const SHARED_FOR_MS = 1000
/** Calls that are remembered to be shared; the oldest are forgotten first. */
const MAX_REMEMBERED_CALLS = 1000

/**
 * Single flight: callers that ask for the same key share one call.
 *
 * | who asks | may share a call that |
 * | --- | --- |
 * | for a person | has not been sent yet |
 * | for others (`shared`) | has not been sent yet, or was sent at most a second ago, ended or not |
 *
 * A call that nobody waits for any more is aborted, and no longer shared. A caller that can share none, and for which the
 * rate limiter has no room, is not answered.
 */
export class SingleFlight<A extends object> {
  readonly #semaphore: Semaphore
  readonly #rateLimiter: Pick<RateLimiter, 'tryAccept'>
  readonly #clock: Clock
  readonly #calls = new Map<string, Call<A>>()

  constructor(semaphore: Semaphore, rateLimiter: Pick<RateLimiter, 'tryAccept'>, clock: Clock) {
    this.#semaphore = semaphore
    this.#rateLimiter = rateLimiter
    this.#clock = clock
  }

  /** @param read must not reject, and may take for ever once its signal is aborted */
  async do(key: string, options: ReadOptions, read: (signal: AbortSignal) => Promise<A>): Promise<CallOutcome<A>> {
    if (options.timeout <= 0) return 'timeout'
    const found = this.#findShareable(key, options.shared)
    if (found === undefined && !this.#rateLimiter.tryAccept(!options.shared)) return 'limited'
    const call = found ?? this.#begin(key, read)
    const answered = new AbortController()
    call.waiting += 1
    const answer = await Promise.race([call.answer, this.#clock.sleep(options.timeout, answered.signal)])
    answered.abort()
    call.waiting -= 1
    if (call.waiting === 0 && !call.ended) call.abort.abort()
    return answer === undefined ? 'timeout' : { answer, shared: found !== undefined }
  }

  /** What was read until now is no longer shared. */
  forget(key: string): void {
    this.#calls.delete(key)
  }

  forgetAll(): void {
    this.#calls.clear()
  }

  #findShareable(key: string, shared: boolean): Call<A> | undefined {
    const call = this.#calls.get(key)
    if (call === undefined || call.abort.signal.aborted) return undefined
    if (call.sentAt === undefined) return call
    return shared && this.#clock.now() - call.sentAt <= SHARED_FOR_MS ? call : undefined
  }

  #begin(key: string, read: (signal: AbortSignal) => Promise<A>): Call<A> {
    const { promise, resolve } = Promise.withResolvers<A | undefined>()
    const abort = new AbortController()
    const call: Call<A> = { answer: promise, abort, sentAt: undefined, ended: false, waiting: 0 }
    this.#remember(key, call)
    void this.#send(call, read).then(resolve)
    return call
  }

  async #send(call: Call<A>, read: (signal: AbortSignal) => Promise<A>): Promise<A | undefined> {
    const release = await this.#semaphore.acquire()
    try {
      // Whoever waited for it may have gone while it stood in line.
      if (call.abort.signal.aborted) return undefined
      call.sentAt = this.#clock.now()
      return await read(call.abort.signal)
    } finally {
      call.ended = true
      release()
    }
  }

  #remember(key: string, call: Call<A>): void {
    this.#calls.delete(key)
    this.#calls.set(key, call)
    for (const [oldest, { sentAt }] of this.#calls) {
      const isShareable = sentAt === undefined || this.#clock.now() - sentAt <= SHARED_FOR_MS
      if (isShareable && this.#calls.size <= MAX_REMEMBERED_CALLS) break
      this.#calls.delete(oldest)
    }
  }
}
