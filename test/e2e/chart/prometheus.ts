import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** One of: are these rules well-formed; what does this expression name; what does it give over this data. */
export type Question =
  | { readonly rules: string }
  | { readonly expr: string }
  | {
      readonly expr: string
      /** As promtool's tests have it, e.g. `load 1m\n  up 0+1x10`. */
      readonly load: string
      /** When to evaluate, after the beginning of the data. */
      readonly minutes: number
    }

/** Null stands for what was not asked. */
export interface Answer {
  readonly errors: readonly string[] | null
  /** The metrics that an expression names, with the labels by which it selects. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[] | null
  /** The labels of each sample that it gives. */
  readonly samples: readonly Readonly<Record<string, string>>[] | null
}

/** The program of test/e2e/prometheus, which asks Prometheus' own code. */
export class Prometheus {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor() {
    const path = process.env['REGCRED_PROMETHEUS']
    if (path === undefined) throw new Error('REGCRED_PROMETHEUS has to name it; npm run test:e2e builds it')
    const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** One question at a time. */
  async ask(question: Question): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(question)}\n`)
    const line = await this.#lines.next()
    if (line.done) throw new Error('prometheus has ended')
    return JSON.parse(line.value)
  }

  async close(): Promise<void> {
    this.#process.stdin?.end()
    await once(this.#process, 'close')
  }
}
