import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { spawnGuarded, waitForExit } from '../../processes/guard.ts'
import { listProcesses, printed } from '../../processes/observe.ts'
import { poll } from '../../processes/poll.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const skip = process.platform !== 'linux' && 'processes are looked up in /proc'

t.test('a cluster for developers is used from another terminal, and a Ctrl-C leaves nothing', { skip }, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'regcred-start-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const env = { ...process.env, TMPDIR: folder, NODE_DISABLE_COMPILE_CACHE: '1' }
  // A terminal sends a Ctrl-C to all of its foreground process group: to npm, its shell, and the command.
  const command = ['run', '--silent', 'cluster']
  const child = spawnGuarded('npm', command, { cwd: ROOT, env, output: 'pipe', errors: 'inherit' })
  const said = await printed(child, 'Ctrl-C ends it')

  t.test('the lines that it prints apply the example', async t => {
    const lines = said.match(/^ {2}.+$/gm) ?? []
    const home = { ...process.env, HOME: t.testdir() }
    const terminal = spawn('/bin/sh', ['-ec', lines.join('\n')], { cwd: ROOT, env: home, stdio: 'pipe' })
    const [stdout, stderr] = await Promise.all([text(terminal.stdout), text(terminal.stderr), once(terminal, 'close')])
    const problem =
      'Secret "regcred" does not exist in namespace "default"; correct the name, or create it: kubectl create secret docker-registry regcred --namespace default --from-file=.dockerconfigjson=FILE'
    t.same(
      { code: terminal.exitCode, stdout, stderr },
      { code: 0, stdout: 'pod/private-reg created\n', stderr: `Warning: Pod private-reg: ${problem}\n` },
    )
  })

  t.test('no process and no file is left', async t => {
    const programs = (await listProcesses(folder)).map(command => /kube-apiserver|etcd|serve/.exec(command)?.[0])
    for (const program of ['kube-apiserver', 'etcd', 'serve']) t.ok(programs.includes(program), `${program} is running`)
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    await waitForExit(child)
    await poll('every process has ended', async () => ((await listProcesses(folder)).length === 0 ? true : undefined))
    t.same(await readdir(folder), [])
  })
})
