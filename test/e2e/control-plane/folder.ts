import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder {
  readonly path: string
  /** Removes the folder, or leaves it if it is to be kept. */
  remove(): Promise<void>
}

/**
 * While dying processes still write into the folder, `rm` can find it not empty; while they live, so are their cgroups. The
 * cgroups of a node's containers are below one that has the folder's name.
 */
const SWEEP = `read -r _
name=$(basename "$1")
for _ in 1 2 3 4 5 6 7 8 9 10; do
  for cgroup in /sys/fs/cgroup/"$name" /sys/fs/cgroup/*/"$name"; do
    [ ! -d "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} + || busy=yes
  done
  rm -rf "$1" || busy=yes
  [ "$busy" = yes ] || exit
  busy=
  sleep 0.2
done`

/**
 * Makes a folder that only this user can read. A process of its own removes it: when asked to, or when this process has
 * ended in whatever way (the system then closes the pipe that it reads).
 */
export async function makeTemporaryFolder(
  keep: boolean,
  log: (line: string) => void,
  prefix = 'regcred-cluster-',
): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix))
  if (keep) return { path, remove: async () => log(`what the cluster wrote is kept in ${path}`) }
  const sweeper = spawn('/bin/sh', ['-c', SWEEP, 'sh', path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  sweeper.unref()
  if (sweeper.stdin instanceof Socket) sweeper.stdin.unref()
  return {
    path,
    async remove() {
      sweeper.ref()
      sweeper.stdin?.end()
      if (sweeper.exitCode === null) await once(sweeper, 'exit')
    },
  }
}
