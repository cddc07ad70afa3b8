import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { RequestOptions } from 'node:https'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { nameOfPlugin } from './plugin-name.ts'

/** Time for an exec plugin to answer: some log in first, none needs longer. */
const EXEC_TIMEOUT_MS = 30_000
/** What an exec plugin may print: a token and a certificate with its key are a few kilobytes. */
const MAX_EXEC_OUTPUT_BYTES = 1024 * 1024

/**
 * Credentials of an exec plugin, run by client-node, which remembers them until they end. A plugin that hangs or prints
 * without end is ended, with whatever it has started, and is named.
 */
export class ExecPlugin {
  readonly #auth = new ExecAuth()
  readonly #exec: unknown
  readonly #timeout: number
  readonly #running = new Set<ChildProcess>()
  /** Of the call that is under way. */
  #ended = Promise.withResolvers<never>()

  /** @param timeout milliseconds */
  constructor(exec: unknown, timeout = EXEC_TIMEOUT_MS) {
    this.#exec = exec
    this.#timeout = timeout
    // As client-node's own tests do it: there is no option for how a plugin is run.
    Reflect.set(this.#auth, 'execFn', this.#spawn.bind(this))
  }

  /** Adds what the plugin gives to the options of a request. One call at a time. */
  async apply(options: RequestOptions): Promise<void> {
    this.#ended = Promise.withResolvers()
    const late = () => this.#end(`did not answer within ${this.#timeout / 1000} s`)
    const timer = setTimeout(late, this.#timeout)
    try {
      await Promise.race([
        this.#auth.applyAuthentication({ name: 'user', exec: this.#exec }, options),
        this.#ended.promise,
      ])
    } finally {
      clearTimeout(timer)
    }
  }

  #end(what: string): void {
    for (const child of this.#running) endGroup(child)
    this.#ended.reject(new Error(`${nameOfPlugin(this.#exec)} ${what} and was ended; run it by hand to see why`))
  }

  /** In a group of its own, so that what it starts ends with it; and with nobody to ask, so that a question is no wait. */
  #spawn(command: string, args: readonly string[] | undefined, options: SpawnOptions): ChildProcess {
    const child = spawn(command, args ?? [], { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const end = () => endGroup(child)
    this.#running.add(child)
    process.once('exit', end)
    child.once('close', () => {
      this.#running.delete(child)
      process.off('exit', end)
    })
    let bytes = 0
    const count = (chunk: string | Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_EXEC_OUTPUT_BYTES) this.#end('printed more than 1 MiB')
    }
    child.stdout?.on('data', count)
    child.stderr?.on('data', count)
    return child
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    // Without a process there is no group; 0 would be our own.
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
