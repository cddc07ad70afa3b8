import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { cpuOf } from './figures/cpu.ts'

/** A server under test, alone on one core. */
export interface PinnedServer {
  readonly url: string
  /** Nanoseconds of CPU that all its threads have used so far. */
  cpu(): number
  stop(): Promise<void>
}

/** Starts `node ARGS` pinned to a core, and waits for its line `serving`. */
export async function startPinned(cores: number | string, args: readonly string[]): Promise<PinnedServer> {
  const child = spawn('taskset', ['-c', String(cores), process.execPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await addressOf(child)
  return {
    url,
    cpu: () => cpuOf(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the server has no stderr')
  const lines = createInterface({ input: child.stderr })
  for await (const line of lines) {
    const parsed: unknown = line.startsWith('{') ? JSON.parse(line) : undefined
    if (typeof parsed === 'object' && parsed !== null && 'address' in parsed) {
      // Nobody reads on; what is written must not fill the pipe.
      child.stderr.resume()
      return String(parsed.address)
    }
    process.stderr.write(`${line}\n`)
  }
  throw new Error('the server ended before it served')
}
