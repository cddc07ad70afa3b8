import { clearLine, cursorTo } from 'node:readline'
import { count } from '../../runtime/count.ts'
import { Terminal } from '../../runtime/terminal.ts'
import type { Streams } from '../streams.ts'

/** Time before anything is shown: what ends sooner needs no progress. */
const MIN_DELAY_MS = 500
/** Time between two lines, which nobody reads faster. */
const MIN_INTERVAL_MS = 100

/** One line on a terminal that says how far a scan is, and is gone at its end. There is none where it is not a terminal, or for a short scan. */
export class Progress {
  readonly #stream: NodeJS.WritableStream
  readonly #now: () => number
  readonly #isShown: boolean
  #next: number
  #isDrawn = false

  /** @param now milliseconds of a clock that never jumps */
  constructor({ stderr }: Pick<Streams, 'stderr'>, now: () => number = () => performance.now()) {
    this.#stream = stderr
    this.#now = now
    this.#isShown = 'isTTY' in stderr && stderr.isTTY === true
    this.#next = now() + MIN_DELAY_MS
  }

  show(done: number, all: number, workloads: number): void {
    if (!this.#isShown || this.#now() < this.#next) return
    this.#next = this.#now() + MIN_INTERVAL_MS
    this.#erase()
    const out = new Terminal(this.#stream)
    out.writeText(`${out.line`${done} of ${count(all, 'namespace')}, ${count(workloads, 'workload')} …`}`)
    this.#isDrawn = true
  }

  end(): void {
    this.#erase()
  }

  #erase(): void {
    if (!this.#isDrawn) return
    cursorTo(this.#stream, 0)
    clearLine(this.#stream, 0)
    this.#isDrawn = false
  }
}
