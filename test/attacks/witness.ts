import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { ask } from './ask.ts'
import type { Stand } from './stand.ts'

/** For how many milliseconds the slowest of each had to wait for its answer. */
export interface Waited {
  readonly review: number
  readonly livez: number
  /** Wrong Pods that were let through because nobody could find out in time; each is recorded. */
  readonly unconfirmed: number
}

/** Somebody who has nothing to do with an attack, in a process of his own. */
export class Witness {
  readonly #process: ChildProcess

  constructor({ url, health, caFile }: Pick<Stand, 'url' | 'health' | 'caFile'>) {
    const file = join(import.meta.dirname, 'witness-process.ts')
    // Linux shares the cores between sessions: so the attackers' processes leave it its part.
    this.#process = fork(file, [url, health, caFile], { detached: true })
  }

  /** Watches while something is done. Throws for a wrong answer, and for none. */
  async watch(work: () => Promise<unknown>): Promise<Waited> {
    await ask(this.#process, 'watch')
    let watched: unknown
    try {
      await work()
    } finally {
      watched = await ask(this.#process, 'stop')
    }
    if (typeof watched === 'string') throw new Error(watched)
    return watched as Waited
  }

  close(): void {
    this.#process.disconnect()
  }
}
