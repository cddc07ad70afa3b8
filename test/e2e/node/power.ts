import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { poll } from '../../processes/poll.ts'
import { WITH_SYSTEM_PROGRAMS } from './kubelet.ts'
import type { Node } from './node.ts'

const POWER_OFF = fileURLToPath(new URL('power-off.sh', import.meta.url))
/** What runs on the node itself, in the order of its start. The control plane and the registry are other machines. */
const ON_NODE = ['containerd', 'kubelet', 'kube-proxy']

/** Ends everything on the node at once, as a machine does that loses its power. */
export async function powerOff(node: Node): Promise<void> {
  // The kubelet and containerd before what they would start again.
  for (const component of componentsOn(node).toReversed()) await component.stop(0)
  const ids = await listContainerProcesses()
  for (const id of ids) kill(id)
  const haveEnded = async () =>
    (await Promise.all(ids.map(readStat))).every(stat => stat === undefined) ? true : undefined
  await poll('every process of a container has ended', haveEnded)
  await promisify(execFile)('/bin/sh', [POWER_OFF], { env: WITH_SYSTEM_PROGRAMS })
}

/** Starts the node again, with the disk as it was. */
export async function powerOn(node: Node): Promise<void> {
  const { ctr } = node.containerd
  for (const component of componentsOn(node)) {
    component.restart()
    if (component.name === 'containerd')
      await component.waitUntil('containerd answers', () => ctr('version').catch(() => undefined))
  }
}

function componentsOn({ components }: Node) {
  return ON_NODE.map(name => {
    const found = components.find(component => component.name === name)
    if (found === undefined) throw new Error(`the node has no ${name}`)
    return found
  })
}

/** The shims, and all that they have started. A node has a PID namespace of its own, so there are no others' here. */
async function listContainerProcesses(): Promise<number[]> {
  const parents = new Map<number, number>()
  const found: number[] = []
  for (const id of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const stat = await readStat(Number(id))
    if (stat === undefined) continue
    parents.set(Number(id), stat.parent)
    if (stat.name === 'containerd-shim') found.push(Number(id))
  }
  const isBelow = (id: number): boolean => {
    const parent = parents.get(id)
    return parent !== undefined && (found.includes(parent) || isBelow(parent))
  }
  return [...found, ...[...parents.keys()].filter(id => !found.includes(id) && isBelow(id))]
}

/** Of a process that has not ended. Its name is cut after 15 characters. */
async function readStat(id: number): Promise<{ name: string; parent: number } | undefined> {
  // `PID (NAME) STATE PARENT …`
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')
  const [, name = '', state, parent] = /^\d+ \((.*)\) (\S) (\d+) /s.exec(stat) ?? []
  return state === undefined || state === 'Z' ? undefined : { name, parent: Number(parent) }
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It has ended by itself: its parent was killed before it.
  }
}
