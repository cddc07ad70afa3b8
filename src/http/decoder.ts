import type { Decoded } from '../review/decode.ts'
import { Semaphore } from '../runtime/semaphore.ts'
import type { Body } from './body.ts'
import { DecodeThread } from './decode-thread.ts'
import { decodeSmall, type Undecoded } from './decode-worker.ts'
import { PartCounter } from './json-parts.ts'

/** Size from which a body goes to a worker thread: with much less, the way there and back costs more than it saves. */
const MIN_WORKER_BYTES = 64 * 1024
/** Size from which a body is parsed in a turn of the event loop of its own: of many that are there at once, others go between. */
const MIN_TURN_BYTES = 16 * 1024
/** Size from which it is counted what there is in a body. */
const MIN_COUNTED_BYTES = 8 * 1024
/** What each byte of a body costs, to be received and parsed. */
const BYTE_STEPS = 0.2
/** What each part of it costs besides, where these are counted: `[` takes ten times as long as a letter. */
const PART_STEPS = 1.6
/** Bytes that are charged: larger bodies are parsed elsewhere, and are here before it is known whose they are. */
const MAX_CHARGED_BYTES = 64 * 1024
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
  readonly #turns: Semaphore
  readonly #large: DecodeThread
  readonly #huge: DecodeThread

  /** @param clock monotonic milliseconds, on which deadlines are */
  constructor(clock: () => number = () => performance.now()) {
    this.#turns = new Semaphore(1, clock)
    this.#large = new DecodeThread(MAX_LARGE_HEAP_BYTES, clock)
    this.#huge = new DecodeThread(MAX_HUGE_HEAP_BYTES, clock)
  }

  /** Whether a body has to wait for its turn. */
  isLarge({ length }: Body): boolean {
    return length >= MIN_WORKER_BYTES
  }

  /**
   * The pieces of a large body go to a thread, and are empty here afterwards. Rejects only for those that have to wait, as the thread
   * does or where their turn does not come, or for a bug.
   *
   * @param deadline milliseconds on the clock
   * @returns the review, and the steps that it has cost this thread
   */
  async decode(
    body: Body,
    stage: Undecoded['stage'],
    templates: Undecoded['templates'],
    deadline: number,
  ): Promise<{ readonly decoded: Decoded; readonly steps: number }> {
    const { pieces, length } = body
    const review = { pieces, stage, templates }
    const byteSteps = BYTE_STEPS * Math.min(length, MAX_CHARGED_BYTES)
    if (this.isLarge(body)) {
      const thread = length < MIN_HUGE_BYTES ? this.#large : this.#huge
      return { decoded: await thread.decode(review, memoryOf(pieces), deadline), steps: byteSteps }
    }
    if (length < MIN_COUNTED_BYTES) return { decoded: decodeSmall(review), steps: byteSteps }
    const release = length < MIN_TURN_BYTES ? undefined : await this.#turns.acquire(deadline)
    if (release !== undefined) setImmediate(release)
    return { decoded: decodeSmall(review), steps: byteSteps + PART_STEPS * countParts(pieces) }
  }

  async close(): Promise<void> {
    await Promise.all([this.#large.close(), this.#huge.close()])
  }
}

function countParts(pieces: readonly Uint8Array[]): number {
  const counter = new PartCounter()
  for (const piece of pieces) counter.add(piece)
  return counter.count
}

/** What can be handed over; small pieces share their memory with others and are copied. */
function memoryOf(pieces: readonly Buffer[]): ArrayBuffer[] {
  return pieces.flatMap(({ buffer, length }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === length ? buffer : [],
  )
}
