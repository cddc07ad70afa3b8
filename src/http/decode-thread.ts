import { extname } from 'node:path'
import { Tinypool } from 'tinypool'
import type { Decoded } from '../review/decode.ts'
import { Semaphore } from '../runtime/semaphore.ts'
import { decodePieces, type Undecoded } from './decode-worker.ts'
import { HttpError } from './errors.ts'

/** TypeScript where the sources run, JavaScript in the package. */
const WORKER = new URL(`./decode-worker${extname(import.meta.filename)}`, import.meta.url)
/** Time after which an idle worker thread ends, and frees its memory. */
const WORKER_IDLE_TIMEOUT_MS = 10_000
/** Time for one body, the start of the thread included: far more than any needs, on the slowest machine. */
const MAX_DECODE_MS = 60_000
/** Part of the worker's heap for what is young; it comes on top. */
const MAX_YOUNG_HEAP_BYTES = 16 * 1024 * 1024
/** In which Node takes the size of a heap. */
const MEBIBYTE = 0x10_0000

/**
 * A worker thread that takes bodies apart, one at a time. What one may need is bounded: past it the thread ends, with this
 * request alone, and the next body has a new one. So it has after one that has left a large heap behind, whose memory is
 * given back.
 */
export class DecodeThread {
  readonly #timeout: number
  readonly #clock: () => number
  /** The pool's own queue is left behind when a worker ends before its time, so nobody ever waits in it. */
  readonly #turns: Semaphore
  readonly #pool: Tinypool

  /**
   * @param maxHeap bytes
   * @param clock monotonic milliseconds, on which deadlines are
   * @param timeout milliseconds for one body
   */
  constructor(maxHeap: number, clock: () => number, timeout: number = MAX_DECODE_MS) {
    this.#timeout = timeout
    this.#clock = clock
    this.#turns = new Semaphore(1, clock)
    this.#pool = new Tinypool({
      filename: WORKER.href,
      name: decodePieces.name,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: WORKER_IDLE_TIMEOUT_MS,
      maxMemoryLimitBeforeRecycle: maxHeap / 2,
      resourceLimits: {
        maxOldGenerationSizeMb: maxHeap / MEBIBYTE,
        maxYoungGenerationSizeMb: MAX_YOUNG_HEAP_BYTES / MEBIBYTE,
      },
    })
    // It says so where a worker ends that has nothing to do, which is no loss.
    this.#pool.on('error', () => undefined)
  }

  /**
   * One that is not done by its deadline is waited for no longer, and done all the same: to begin anew would cost the next one
   * even more time.
   *
   * @param review whose pieces are handed over, those that have memory of their own
   * @param deadline milliseconds on the clock
   * @throws {AcquireTimeoutError} where its turn does not come before the deadline
   * @throws {HttpError} OVERLOADED where it is not done by then, TOO_COMPLEX where it needs more memory or time than is given
   */
  async decode(review: Undecoded, transferList: ArrayBuffer[], deadline: number): Promise<Decoded> {
    const release = await this.#turns.acquire(deadline)
    const done = this.#run(review, transferList).finally(release)
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new HttpError('OVERLOADED')), Math.max(0, deadline - this.#clock()))
    return await Promise.race([done, late.promise]).finally(() => clearTimeout(timer))
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  async #run(review: Undecoded, transferList: ArrayBuffer[]): Promise<Decoded> {
    const ending = new AbortController()
    const timer = setTimeout(() => ending.abort(), this.#timeout)
    const running: Promise<ReturnType<typeof decodePieces>> = this.#pool
      .run(review, { transferList, signal: ending.signal })
      .finally(() => clearTimeout(timer))
    const decoded = await running.catch((cause: unknown) => {
      if (ending.signal.aborted) throw new HttpError('TOO_COMPLEX', 'it takes too long', { cause })
      if (isOutOfMemory(cause)) throw new HttpError('TOO_COMPLEX', 'it takes too much memory', { cause })
      throw cause
    })
    if (decoded.ok || decoded.error !== 'TOO_COMPLEX') return decoded
    throw new HttpError('TOO_COMPLEX', decoded.fault)
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
