import { access, constants, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** A limit of the kernel on the memory of whatever is started under it: past it, the kernel kills. */
export interface MemoryLimit {
  /** Puts itself under the limit, and then becomes the command that follows. */
  readonly command: readonly string[]
  /** Bytes of it that the kernel cannot take back: all but pages of files. */
  anonymous(): Promise<number>
  remove(): Promise<void>
}

/** The two generations of control groups: where a group is made, and the file that limits it. */
const GENERATIONS = [
  { root: '/sys/fs/cgroup', known: 'cgroup.controllers', limit: 'memory.max', anonymous: 'anon' },
  {
    root: '/sys/fs/cgroup/memory',
    known: 'memory.limit_in_bytes',
    limit: 'memory.limit_in_bytes',
    anonymous: 'total_rss',
  },
] as const

/** Makes a control group, as a container has one; undefined where this machine does not let us. */
export async function limitMemory(mebibytes: number): Promise<MemoryLimit | undefined> {
  for (const { root, known, limit, anonymous } of GENERATIONS) {
    const group = `${root}/regcred-load-${process.pid}`
    try {
      await access(`${root}/${known}`, constants.R_OK)
      await mkdir(group)
      await writeFile(`${group}/${limit}`, String(mebibytes * 1024 * 1024))
      return {
        command: ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh'],
        async anonymous() {
          const stat = await readFile(`${group}/memory.stat`, 'utf8')
          return Number(new RegExp(`^${anonymous} (\\d+)$`, 'm').exec(stat)?.[1])
        },
        remove: () => removeGroup(group),
      }
    } catch {
      await rmdir(group).catch(() => undefined)
    }
  }
  return undefined
}

/** The kernel lets go of a group a moment after its last process. */
async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      await rmdir(group)
      return
    } catch {
      await wait(100)
    }
  }
}
