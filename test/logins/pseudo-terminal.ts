import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Milliseconds after which nobody waits any more. */
const TIMEOUT = 25_000

/** What was seen on the terminal, and how the command ended. */
export interface Session {
  readonly seen: string
  readonly status: number | null
}

/** What a person types, and after which text on the terminal. */
export interface Turn {
  readonly after: string
  readonly types: string
}

/**
 * Runs a command of sh in a session of its own on a real pseudo-terminal, by `script` of util-linux, and types there. The terminal echoes
 * what is typed, as any does, unless the command tells it not to.
 */
export async function onTerminal(
  command: string,
  turns: readonly Turn[],
  env: NodeJS.ProcessEnv = {},
): Promise<Session> {
  const args = ['--quiet', '--return', '--flush', '--command', command, '/dev/null']
  const child = spawn('script', args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT)
  let seen = ''
  let from = 0
  let at = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk
    for (let turn = turns[at]; turn !== undefined; turn = turns[at]) {
      const found = seen.indexOf(turn.after, from)
      if (found < 0) return
      from = found + turn.after.length
      at += 1
      child.stdin.write(turn.types)
    }
  })
  const [status] = await once(child, 'close')
  clearTimeout(timer)
  child.stdin.destroy()
  if (at < turns.length) throw new Error(`"${turns[at]?.after}" was never seen: ${seen}`)
  return { seen, status }
}
