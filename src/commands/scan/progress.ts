import { clearLine, cursorTo } from 'node:readline'
import { count } from '../../runtime/count.ts'
import { Terminal } from '../../runtime/terminal.ts'
import type { Streams } from '../streams.ts'

/** Time before anything is shown: what ends sooner needs no progress. */
const MIN_DELAY_MS = 500
/** Time between two lines, which nobody reads faster. */
const MIN_INTERVAL_MS = 100

/** One line on a terminal that says how far something is, and is gone at its end. There is none where it is not a terminal, or for what is short. */
export class ProgressLine {
  readonly #stream: NodeJS.WritableStream
  readonly #now: () => number
  readonly #isShown: boolean
  #next: number
  #isDrawn = false

  /** @param now milliseconds of a clock that never jumps */
  constructor(stream: NodeJS.WritableStream, now: () => number = () => performance.now()) {
    this.#stream = stream
    this.#now = now
    this.#isShown = 'isTTY' in stream && stream.isTTY === true
    this.#next = now() + MIN_DELAY_MS
  }

  show(text: string): void {
    if (!this.#isShown || this.#now() < this.#next) return
    this.#next = this.#now() + MIN_INTERVAL_MS
    this.end()
    const out = new Terminal(this.#stream)
    out.writeText(`${out.line`${text}`}`)
    this.#isDrawn = true
  }

  end(): void {
    if (!this.#isDrawn) return
    cursorTo(this.#stream, 0)
    clearLine(this.#stream, 0)
    this.#isDrawn = false
  }
}

/** How far a scan is, or what goes through a cluster likewise. */
export class Progress {
  readonly #line: ProgressLine

  /** @param now milliseconds of a clock that never jumps */
  constructor({ stderr }: Pick<Streams, 'stderr'>, now?: () => number) {
    this.#line = new ProgressLine(stderr, now)
  }

  show(done: number, all: number, workloads: number): void {
    this.#line.show(`${done} of ${count(all, 'namespace')}, ${count(workloads, 'workload')} …`)
  }

  /** @param what is counted, e.g. `object` */
  showCount(done: number, all: number, what: string): void {
    this.#line.show(`${done} of ${count(all, what)} …`)
  }

  end(): void {
    this.#line.end()
  }
}
