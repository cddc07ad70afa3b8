import { LRUCache } from 'lru-cache'
import { AWAKE, type Clock } from '../runtime/clock.ts'
import type { FairQueue, Place } from './fair-queue.ts'
import type { ReadSize } from './read-room.ts'
import type { ReadOptions } from './view.ts'

/**
 * How a caller was answered: by a call of its own or one that another had begun, not in time, or not at all, because no
 * call was sent.
 */
export type CallOutcome<A> = { readonly answer: A; readonly shared: boolean } | 'timeout' | 'limited'

/** What callers ask for. */
export interface CallTarget {
  readonly namespace: string
  /** Callers with the same key ask for the same. */
  readonly key: string
}

/** @param onBytes to be told of what is received */
export type Send<A> = (signal: AbortSignal, onBytes: (bytes: number) => void) => Promise<A>

interface Call<A> {
  /** Undefined for one that was not sent, or given up. */
  readonly answer: Promise<A | undefined>
  readonly abort: AbortController
  /** Resolves when it has ended or has been given up. */
  readonly over: Promise<void>
  forPerson: boolean
  place: Place | undefined
  /** Of the clock; undefined while it waits for its turn. */
  sentAt: number | undefined
  /** Something has changed since it was sent. */
  isStale: boolean
  callers: number
}

interface Answered<A> {
  readonly answer: A
  readonly sentAt: number
}

/** How long a call may be shared, from when it was sent. */
const SHARED_FOR_MS = 1000
/** Answers that are remembered to be shared; the oldest are forgotten first. */
const MAX_REMEMBERED_ANSWERS = 1000
/** What all of them had as they were received. */
const MAX_REMEMBERED_BYTES = 2 * 1024 * 1024
/** What an answer counts for by itself. */
const MIN_ANSWER_BYTES = 512

/**
 * Single flight: callers that ask for the same share one call. Of each key at most one is under way, and one waits.
 *
 * | who asks | may share a call that |
 * | --- | --- |
 * | for a person | waits: it has not been sent yet |
 * | for others (`shared`) | was sent at most a second ago, ended or not; else one that waits |
 *
 * A call that nobody waits for any more is aborted, and no longer shared.
 */
export class SingleFlight<A extends object> {
  readonly #queue: Pick<FairQueue, 'enter'>
  readonly #size: ReadSize
  readonly #clock: Clock
  readonly #waiting = new Map<string, Call<A>>()
  readonly #underWay = new Map<string, Call<A>>()
  readonly #recent = new LRUCache<string, Answered<A>>({
    max: MAX_REMEMBERED_ANSWERS,
    maxSize: MAX_REMEMBERED_BYTES,
  })

  /** @param size of its calls */
  constructor(queue: Pick<FairQueue, 'enter'>, size: ReadSize, clock: Clock) {
    this.#queue = queue
    this.#size = size
    this.#clock = clock
  }

  /** @param send must not reject, and may take for ever once its signal is aborted */
  async do(
    target: CallTarget,
    { timeout, shared }: Omit<ReadOptions, 'patience'>,
    send: Send<A>,
  ): Promise<CallOutcome<A>> {
    if (timeout <= 0) return 'timeout'
    const recent = this.#findRecent(target.key, shared)
    if (recent !== undefined) return { answer: recent.answer, shared: true }
    const found = this.#findShareable(target.key, shared)
    const call = found ?? this.#begin(target, send)
    if (!shared) hurry(call)
    call.callers += 1
    const answered = new AbortController()
    const answer = await Promise.race([call.answer, this.#clock.sleep(timeout, answered.signal)])
    answered.abort(AWAKE)
    call.callers -= 1
    if (answer !== undefined) return { answer, shared: found !== undefined }
    if (call.callers === 0) call.abort.abort()
    return call.sentAt === undefined ? 'limited' : 'timeout'
  }

  /** Whether a call of this key waits or is under way, or may be shared still. */
  has(key: string, shared: boolean): boolean {
    return this.#waiting.has(key) || this.#underWay.has(key) || this.#findRecent(key, shared) !== undefined
  }

  /** What was read until now is no longer shared. */
  forget(key: string): void {
    this.#recent.delete(key)
    const call = this.#underWay.get(key)
    if (call !== undefined) call.isStale = true
  }

  forgetAll(): void {
    this.#recent.clear()
    for (const call of this.#underWay.values()) call.isStale = true
  }

  #isYoung(sentAt: number): boolean {
    return this.#clock.now() - sentAt <= SHARED_FOR_MS
  }

  #findRecent(key: string, shared: boolean): Answered<A> | undefined {
    const recent = shared ? this.#recent.get(key) : undefined
    return recent !== undefined && this.#isYoung(recent.sentAt) ? recent : undefined
  }

  #findShareable(key: string, shared: boolean): Call<A> | undefined {
    const sent = shared ? this.#underWay.get(key) : undefined
    const isShareable = sent?.sentAt !== undefined && this.#isYoung(sent.sentAt) && !sent.isStale
    return isShareable ? sent : this.#waiting.get(key)
  }

  #begin(target: CallTarget, send: Send<A>): Call<A> {
    const answer = Promise.withResolvers<A | undefined>()
    const over = Promise.withResolvers<void>()
    const call: Call<A> = {
      answer: answer.promise,
      abort: new AbortController(),
      over: over.promise,
      forPerson: false,
      place: undefined,
      sentAt: undefined,
      isStale: false,
      callers: 0,
    }
    const end = () => {
      for (const calls of [this.#waiting, this.#underWay]) if (calls.get(target.key) === call) calls.delete(target.key)
      over.resolve()
    }
    call.abort.signal.addEventListener('abort', () => {
      if (call.sentAt === undefined) call.place?.leave(0)
      end()
    })
    this.#waiting.set(target.key, call)
    void this.#send(call, target, send).then(sent => {
      end()
      answer.resolve(sent)
    })
    return call
  }

  async #send(call: Call<A>, { namespace, key }: CallTarget, send: Send<A>): Promise<A | undefined> {
    const { signal } = call.abort
    await this.#underWay.get(key)?.over
    // Whoever waited for it may have gone, here and while it stood in line.
    if (signal.aborted) return undefined
    const place = this.#queue.enter(namespace, this.#size, call.forPerson)
    call.place = place
    const isTurn = await place.turn
    if (!isTurn || signal.aborted) return undefined
    this.#waiting.delete(key)
    this.#underWay.set(key, call)
    const sentAt = this.#clock.now()
    call.sentAt = sentAt
    let received = 0
    const answer = await send(signal, bytes => {
      received += bytes
    })
    place.leave(received)
    if (!call.isStale && !signal.aborted)
      this.#recent.set(key, { answer, sentAt }, { size: MIN_ANSWER_BYTES + received })
    return answer
  }
}

function hurry(call: Call<unknown>): void {
  call.forPerson = true
  call.place?.hurry()
}
