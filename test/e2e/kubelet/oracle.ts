import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Answer } from '../../kubelet/answers.ts'
import type { Case } from '../../kubelet/cases.ts'

/** The program of test/e2e/kubernetes/oracle, which asks the kubelet's own code. */
export class Oracle {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(path: string) {
    const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process = child
    this.#lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
  }

  /** One case at a time. Rejects if the program has ended, as it does on anything that it did not expect. */
  async ask(question: Case): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(question)}\n`)
    const line = await this.#lines.next()
    if (line.done) throw new Error('the oracle has ended')
    return JSON.parse(line.value)
  }

  async close(): Promise<void> {
    this.#process.stdin?.end()
    await once(this.#process, 'close')
  }
}
