import type { Decoded } from '../review/decode.ts'
import type { Body } from './body.ts'
import { DecodeThread } from './decode-thread.ts'
import { decodeSmall, type Undecoded } from './decode-worker.ts'

/** Size from which a body goes to a worker thread: with much less, the way there and back costs more than it saves. */
const MIN_WORKER_BYTES = 64 * 1024
/** Size from which it goes to the second: nearly all that is real is smaller, and does not wait for what is larger. */
const MIN_HUGE_BYTES = 1024 * 1024
/** Heap of the first thread: what the parts of such a body may need, and as much again. */
const MAX_LARGE_HEAP_BYTES = 48 * 1024 * 1024
/** Heap of the second: enough for whatever etcd stores as an object, old and new, 1.5 MiB each. */
const MAX_HUGE_HEAP_BYTES = 96 * 1024 * 1024

/**
 * Takes reviews apart, the large ones in threads of their own, where they hold nobody up: to parse five megabytes takes as
 * long as to answer hundreds of ordinary reviews. Each thread has one at a time, so that no more than one of each size is in
 * memory whole.
 */
export class Decoder {
  readonly #large: DecodeThread
  readonly #huge: DecodeThread

  /** @param clock monotonic milliseconds, on which deadlines are */
  constructor(clock: () => number = () => performance.now()) {
    this.#large = new DecodeThread(MAX_LARGE_HEAP_BYTES, clock)
    this.#huge = new DecodeThread(MAX_HUGE_HEAP_BYTES, clock)
  }

  /** Whether a body has to wait for its turn. */
  isLarge({ length }: Body): boolean {
    return length >= MIN_WORKER_BYTES
  }

  /**
   * The pieces of a large body go to a thread, and are empty here afterwards. Rejects only for large ones, as the thread does,
   * or for a bug.
   *
   * @param deadline milliseconds on the clock
   */
  async decode(
    body: Body,
    stage: Undecoded['stage'],
    templates: Undecoded['templates'],
    deadline: number,
  ): Promise<Decoded> {
    const { pieces, length } = body
    const review = { pieces, stage, templates }
    if (!this.isLarge(body)) return decodeSmall(review)
    const thread = length < MIN_HUGE_BYTES ? this.#large : this.#huge
    return await thread.decode(review, memoryOf(pieces), deadline)
  }

  async close(): Promise<void> {
    await Promise.all([this.#large.close(), this.#huge.close()])
  }
}

/** What can be handed over; small pieces share their memory with others and are copied. */
function memoryOf(pieces: readonly Buffer[]): ArrayBuffer[] {
  return pieces.flatMap(({ buffer, length }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === length ? buffer : [],
  )
}
