import { extname } from 'node:path'
import { Tinypool } from 'tinypool'
import type { Decoded } from '../review/decode.ts'
import type { Body } from './body.ts'
import { decodePieces, type Undecoded } from './decode-thread.ts'

/** Bytes from which the way to a thread and back costs less than what it saves. */
const LARGE = 256 * 1024
/** TypeScript where the sources run, JavaScript in the package. */
const THREAD = new URL(`./decode-thread${extname(import.meta.filename)}`, import.meta.url)
/** Milliseconds after which a thread that has nothing to do ends, and its memory with it. */
const IDLE = 60_000

/**
 * Takes reviews apart, the large ones in a thread of its own, where they hold nobody up: to parse five megabytes takes as
 * long as to answer hundreds of ordinary reviews. There is one thread, so that no more than one of them is in memory whole.
 */
export class Decoder {
  readonly #threads = new Tinypool({
    filename: THREAD.href,
    name: decodePieces.name,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE,
  })

  /** Rejects only for a bug. The pieces of a large body go to the thread, and are empty here afterwards. */
  decode(
    { pieces, length }: Body,
    stage: Undecoded['stage'],
    templates: Undecoded['templates'],
  ): Decoded | Promise<Decoded> {
    const review: Undecoded = { pieces, stage, templates }
    if (length < LARGE) return decodePieces(review)
    return this.#threads.run(review, { transferList: memoryOf(pieces) })
  }

  async close(): Promise<void> {
    await this.#threads.destroy()
  }
}

/** What can be handed over; small pieces share their memory with others and are copied. */
function memoryOf(pieces: readonly Buffer[]): ArrayBuffer[] {
  return pieces.flatMap(({ buffer, length }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === length ? buffer : [],
  )
}
