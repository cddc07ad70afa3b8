import { extname } from 'node:path'
import { Tinypool } from 'tinypool'
import type { Decoded } from '../review/decode.ts'
import type { Body } from './body.ts'
import { decodePieces, type Undecoded } from './decode-worker.ts'

/** Size from which a body goes to the worker thread: with less, the way there and back costs more than it saves. */
const MIN_WORKER_BYTES = 256 * 1024
/** TypeScript where the sources run, JavaScript in the package. */
const WORKER = new URL(`./decode-worker${extname(import.meta.filename)}`, import.meta.url)
/** Worker threads: one, so that no more than one large review is in memory whole. */
const MAX_WORKERS = 1
/** Time after which an idle worker thread ends, and frees its memory. */
const WORKER_IDLE_TIMEOUT_MS = 60_000

/**
 * Takes reviews apart, the large ones in a thread of its own, where they hold nobody up: to parse five megabytes takes as
 * long as to answer hundreds of ordinary reviews. There is one thread, so that no more than one of them is in memory whole.
 */
export class Decoder {
  readonly #workers = new Tinypool({
    filename: WORKER.href,
    name: decodePieces.name,
    minThreads: 0,
    maxThreads: MAX_WORKERS,
    idleTimeout: WORKER_IDLE_TIMEOUT_MS,
  })

  /** Rejects only for a bug. The pieces of a large body go to the thread, and are empty here afterwards. */
  async decode(
    { pieces, length }: Body,
    stage: Undecoded['stage'],
    templates: Undecoded['templates'],
  ): Promise<Decoded> {
    const review: Undecoded = { pieces, stage, templates }
    if (length < MIN_WORKER_BYTES) return decodePieces(review)
    return await this.#workers.run(review, { transferList: memoryOf(pieces) })
  }

  async close(): Promise<void> {
    await this.#workers.destroy()
  }
}

/** What can be handed over; small pieces share their memory with others and are copied. */
function memoryOf(pieces: readonly Buffer[]): ArrayBuffer[] {
  return pieces.flatMap(({ buffer, length }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === length ? buffer : [],
  )
}
