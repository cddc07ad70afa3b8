import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { endProcess, hasExited, spawnGuarded } from '../../processes/guard.ts'
import { type PollOptions, poll } from '../../processes/poll.ts'

/** A program that runs until it is stopped, with what it says in a file. */
export interface Component {
  readonly name: string
  /** Of the process that runs, or ran last. */
  readonly pid: number
  /** The file that holds what it printed. */
  readonly log: string
  /** Waits until it is ready. Throws, with the last lines of its log, if it ends before that or takes too long. */
  waitUntil<T>(what: string, attempt: () => Promise<T | undefined>, options?: PollOptions): Promise<T>
  /** Stops it, at once if `grace` (milliseconds) is 0. Resolves to its exit status, or the signal that ended it. */
  stop(grace: number): Promise<number | NodeJS.Signals | null>
  /** Starts it again, as it was started, once it has ended. */
  restart(): void
  hasExited(): boolean
  signal(name: NodeJS.Signals): void
}

/** Starts a program that ends with this process. Its log is appended to. */
export function startComponent(
  binary: string,
  args: readonly string[],
  log: string,
  { name = basename(binary), ...options }: { name?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Component {
  const start = () => {
    const output = openSync(log, 'a', 0o600)
    try {
      return spawnGuarded(binary, args, { cwd: dirname(log), ...options, output })
    } finally {
      closeSync(output)
    }
  }
  let child: ChildProcess = start()
  const explain = async (problem: string, cause?: unknown) => {
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n')
    return new Error(`${name} ${problem}; the end of its log:\n${lines.slice(-30).join('\n')}`, { cause })
  }
  return {
    name,
    get pid() {
      return child.pid ?? Number.NaN
    },
    log,
    hasExited: () => hasExited(child),
    signal: name => void child.kill(name),
    stop: grace => endProcess(child, grace),
    restart() {
      if (!hasExited(child)) throw new Error(`${name} runs`)
      child = start()
    },
    async waitUntil(what, attempt, options) {
      const attemptWhileRunning = async () => {
        if (hasExited(child)) throw await explain(`ended with ${child.exitCode ?? child.signalCode}`)
        return attempt()
      }
      return poll(what, attemptWhileRunning, options)
    },
  }
}
