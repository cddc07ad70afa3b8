import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { spawnGuarded, waitForExit } from '../../processes/guard.ts'
import { listProcesses, printed } from '../../processes/observe.ts'
import { poll } from '../../processes/poll.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const START = join(ROOT, 'test/e2e/start.ts')

/** What a node could leave on the machine, or what stands for one here. */
async function look(folder: string) {
  return {
    processes: (await listProcesses(folder)).length,
    files: readdirSync(folder),
    mounts: readFileSync('/proc/mounts', 'utf8'),
    links: readdirSync('/proc/sys/net/ipv4/conf'),
    rules: execFileSync('iptables-save', { encoding: 'utf8' }).replaceAll(/^#.*\n|\[\d+:\d+\]/gm, ''),
    cgroups: globSync('/sys/fs/cgroup/{*,*/*,*/*/*}/{k8s.io,regcred-node-*}'),
    run: globSync('/{run,var/lib,var/log}/{containerd,kubelet,cni,netns,pods,containers}'),
  }
}

/** Starts a cluster with a node for people, whose files are in a folder of their own. */
async function start(t: Test, env: NodeJS.ProcessEnv = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'regcred-clean-up-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const before = await look(folder)
  const child = spawnGuarded(process.execPath, [START, '--node', '--bare'], {
    env: { ...process.env, ...env, TMPDIR: folder, REGCRED_KEEP: '' },
    output: 'pipe',
  })
  return { folder, before, child }
}

/** Asserts that after a while everything is as it was. */
async function isClean(t: Test, folder: string, before: object) {
  await poll('every process has ended', async () => ((await look(folder)).processes === 0 ? true : undefined))
  await poll('no file is left', () => (readdirSync(folder).length === 0 ? true : undefined))
  t.strictSame(await look(folder), before)
}

t.test('the walkthrough is typed in another terminal, and a Ctrl-C leaves nothing', async t => {
  const { folder, before, child } = await start(t)
  const said = await printed(child, 'Ctrl-C ends it')
  const lines = said.match(/^ {2}.+$/gm) ?? []
  const env = { ...process.env, HOME: t.testdir() }
  const terminal = spawn('/bin/sh', ['-ec', lines.join('\n')], { cwd: ROOT, env, stdio: 'pipe' })
  const [stdout, stderr] = await Promise.all([text(terminal.stdout), text(terminal.stderr), once(terminal, 'close')])
  t.match({ code: terminal.exitCode, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^secret\/regcred created\npod\/private-reg created\n.*\n.*\nprivate-reg +1\/1 +Running/)
  t.ok((await look(folder)).processes > 5, 'there are processes to clean up')
  child.kill('SIGINT')
  t.equal(await waitForExit(child), 0)
  await isClean(t, folder, before)
})

const kubeletRuns = async (_: ChildProcess, folder: string) =>
  poll('the kubelet runs', async () => ((await listProcesses(folder)).some(isKubelet) ? true : undefined), {
    timeout: 120_000,
  })
const isKubelet = (command: string) => command.includes('--hostname-override') && command.includes('kubelet')

t.test('nothing is left of a node that is killed while it starts', async t => {
  const { folder, before, child } = await start(t)
  await kubeletRuns(child, folder)
  child.kill('SIGKILL')
  t.equal(await waitForExit(child), 'SIGKILL')
  await isClean(t, folder, before)
})

t.test('a node that cannot start says why, and leaves nothing', async t => {
  const programs = t.testdir({ 'docker-registry': '#!/bin/sh\necho there is no room >&2\nexit 3\n' })
  await chmod(join(programs, 'docker-registry'), 0o755)
  const { folder, before, child } = await start(t, { PATH: `${programs}:${process.env['PATH']}` })
  const said = child.stdout && text(child.stdout)
  const errors = child.stderr && text(child.stderr)
  const code = await waitForExit(child)
  t.match(
    { code, said: await said, errors: await errors },
    { code: 2, said: '', errors: /docker-registry ended with 3; .*\nthere is no room/ },
  )
  await isClean(t, folder, before)
})
