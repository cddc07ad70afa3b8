import type { ChildProcess } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'

/**
 * The command lines of the processes that have this folder in them, as every process of a cluster has the cluster's.
 * They are looked up in /proc, which only Linux has.
 */
export async function listProcesses(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const id of await readdir('/proc')) {
    const command = /^\d+$/.test(id) ? await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '') : ''
    if (command.includes(folder)) found.push(command.replaceAll('\0', ' '))
  }
  return found
}

/** Waits until a process has printed this, and resolves to all that it has printed by then. */
export async function printed(child: ChildProcess, wanted: string): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += chunk
    if (text.includes(wanted)) return text
  }
  throw new Error(`it has ended without printing "${wanted}", but: ${text}`)
}
