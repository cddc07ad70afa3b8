import { extname } from 'node:path'
import { Tinypool } from 'tinypool'
import type { Decoded } from '../review/decode.ts'
import { decodeBytes, type Undecoded } from './decode-thread.ts'

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
    name: decodeBytes.name,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE,
  })

  /** Rejects only for a bug. */
  decode(review: Undecoded): Decoded | Promise<Decoded> {
    return review.body.length < LARGE ? decodeBytes(review) : this.#threads.run(review)
  }

  async close(): Promise<void> {
    await this.#threads.destroy()
  }
}
