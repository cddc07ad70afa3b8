import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { spawnGuarded, waitForExit } from '../../processes/guard.ts'
import { listProcesses, printed } from '../../processes/observe.ts'
import { poll } from '../../processes/poll.ts'

const START = fileURLToPath(new URL('../start.ts', import.meta.url))

const running = (child: ChildProcess) => printed(child, 'Ctrl-C ends it')
const starting = (_: ChildProcess, folder: string) =>
  poll('etcd is running', async () => {
    const processes = await listProcesses(folder)
    return processes.some(command => command.includes('--unsafe-no-fsync')) ? true : undefined
  })

const cases = [
  { name: 'killed without a chance to clean up', wait: running, signal: 'SIGKILL', ending: 'SIGKILL' },
  { name: 'killed while it starts', wait: starting, signal: 'SIGKILL', ending: 'SIGKILL' },
  { name: 'interrupted while it starts', wait: starting, signal: 'SIGINT', ending: 0 },
  { name: 'asked to end', wait: running, signal: 'SIGTERM', ending: 0 },
] as const

const skip = process.platform !== 'linux' && 'processes are looked up in /proc'
for (const { name, wait, signal, ending } of cases) {
  t.test(`nothing is left of a cluster that was ${name}`, { skip }, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'regcred-clean-up-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const env = { ...process.env, TMPDIR: folder }
    const child = spawnGuarded(process.execPath, [START, '--bare'], { env, output: 'pipe', errors: 'inherit' })
    await wait(child, folder)
    t.not((await listProcesses(folder)).length, 0, 'there are processes to clean up')
    child.kill(signal)
    t.equal(await waitForExit(child), ending)
    await poll('every process has ended', async () => ((await listProcesses(folder)).length === 0 ? true : undefined))
    t.same(await readdir(folder), [], 'no file is left')
  })
}
