import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { spawnGuarded, waitForExit } from '../processes/guard.ts'

export const ROOT = join(import.meta.dirname, '../..')
export const FREE = ['--bind-address', '127.0.0.1', '--secure-port', '0', '--metrics-port', '0']

interface Process extends ChildProcess {
  readonly stdout: Readable
  readonly stderr: Readable
}

/**
 * Starts the program as its sources; `first` are flags of Node itself, `env` adds to the surroundings. It ends with this
 * process, however that ends.
 */
export function spawnRegcred(
  args: readonly string[],
  first: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  cwd: string = ROOT,
): Process {
  const all = [...first, join(ROOT, 'src/cli.ts'), ...args]
  // Where these tests run in a workflow, the program is to act as it does anywhere.
  const around = { ...process.env, GITHUB_ACTIONS: undefined, ...env }
  const child = spawnGuarded(process.execPath, all, { cwd, env: around, output: 'pipe' })
  if (!isHeard(child)) throw new Error('it has no output')
  child.ref()
  return child
}

function isHeard(child: ChildProcess): child is Process {
  return child.stdout !== null && child.stderr !== null
}

/** Runs the program to its end. */
export async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  return await outcomeOf(spawnRegcred(args))
}

export async function outcomeOf(child: Process): Promise<{ status: number; out: string; err: string }> {
  const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), waitForExit(child)])
  return { status: Number(status), out, err }
}

export interface Serving {
  readonly child: Process
  readonly address: string
  readonly metrics: string
  /** The log as far as it has been read. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  /** With `--health-port`. */
  readonly health: string
  /** Waits for a log line with this message. */
  line(message: string): Promise<Readonly<Record<string, unknown>>>
}

/** Starts `regcred serve` and waits until it says where; it ends with the test. */
export async function serve(
  test: { teardown(end: () => void): void },
  args: readonly string[],
  first: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Serving> {
  const child = spawnRegcred(['serve', ...FREE, ...args], first, env)
  test.teardown(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  const log: Readonly<Record<string, unknown>>[] = []
  const line = async (message: string) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`it ended without ${message}`)
      const parsed: Readonly<Record<string, unknown>> = JSON.parse(value)
      log.push(parsed)
      if (parsed['msg'] === message) return parsed
    }
  }
  const { address, metrics, health } = await line('serving')
  return { child, address: String(address), metrics: String(metrics), health: String(health), log, line }
}
