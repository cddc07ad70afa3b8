import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Sends a message to a process and waits for its next; rejects if it ends before. */
export async function ask(process: ChildProcess, message: string): Promise<unknown> {
  const ended = new AbortController()
  const end = () => ended.abort(new Error('the process has ended'))
  process.once('exit', end)
  const answered = once(process, 'message', { signal: ended.signal })
  process.send(message)
  const [answer] = await answered
  process.off('exit', end)
  return answer
}
