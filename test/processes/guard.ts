import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const GUARD = fileURLToPath(new URL('guard.sh', import.meta.url))

export interface GuardOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** What standard output is: 'ignore' without it. */
  readonly output?: Output
  /** What standard error is: the same as standard output without it. */
  readonly errors?: Output
}

/** As `spawn` takes it; a number is a file descriptor. */
type Output = 'inherit' | 'ignore' | 'pipe' | number

/**
 * Starts a command that does not outlive this process, even if this process is killed by SIGKILL: standard input is a
 * pipe that the system closes then. The command leads a process group of its own, so a Ctrl-C does not reach it either.
 * It does not keep this process running; `waitForExit` does.
 */
export function spawnGuarded(command: string, args: readonly string[], options: GuardOptions = {}): ChildProcess {
  const { cwd, env = process.env, output = 'ignore', errors = output } = options
  const stdio: StdioOptions = ['pipe', output, errors]
  const child = spawn('/bin/sh', [GUARD, command, ...args], { cwd, env, stdio, detached: true })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child
}

/** Waits until the process has ended. Resolves to its exit status, or to the name of the signal that ended it. */
export async function waitForExit(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  child.ref()
  if (!hasExited(child)) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}

/** Asks the process to end (SIGTERM), and ends it (SIGKILL) if it has not within `grace` milliseconds: 0 asks nobody. */
export async function endProcess(child: ChildProcess, grace: number): Promise<number | NodeJS.Signals | null> {
  if (!hasExited(child) && grace > 0) {
    child.kill('SIGTERM')
    const waiting = new AbortController()
    const tooLate = delay(grace, undefined, { signal: waiting.signal }).catch(() => undefined)
    await Promise.race([waitForExit(child), tooLate])
    waiting.abort()
  }
  if (!hasExited(child)) child.kill('SIGKILL')
  return waitForExit(child)
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
