import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listProcesses, printed } from '../../processes/observe.ts'
import { poll } from './poll.ts'

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
    const child = spawn(process.execPath, [START, '--bare'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    await wait(child, folder)
    t.not((await listProcesses(folder)).length, 0, 'there are processes to clean up')
    child.kill(signal)
    const [code, killer] = await exited
    t.equal(code ?? killer, ending)
    await poll('every process has ended', async () => ((await listProcesses(folder)).length === 0 ? true : undefined))
    t.same(await readdir(folder), [], 'no file is left')
  })
}
