import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ExecPlugin } from '../../../src/kube/kubeconfig/exec-plugin.ts'
import { spawnGuarded, waitForExit } from '../../processes/guard.ts'
import { poll } from '../../processes/poll.ts'

const folder = t.testdir()

/** A plugin that is a shell script, and the file in which it writes the process that it has started. */
function shell(name: string, script: string): { readonly exec: object; readonly started: string } {
  const command = join(folder, name)
  writeFileSync(command, `#!/bin/sh\n${script}\n`)
  chmodSync(command, 0o755)
  const started = join(folder, `${name}.pid`)
  return { exec: { command, env: [{ name: 'STARTED', value: started }] }, started }
}

const isRunning = (pid: number) => {
  try {
    // A process that has ended and that nobody has asked about is still there, as a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const ended = (file: string) =>
  poll('what it started has ended', async () => (isRunning(Number(readFileSync(file, 'utf8'))) ? undefined : true))

t.test('a plugin that hangs is ended with what it has started, and is named', async t => {
  const { exec, started } = shell('aws-hangs', 'sleep 1000 & echo $! > "$STARTED"; wait')
  const plugin = new ExecPlugin(exec, 300)
  const message = 'the exec plugin "aws-hangs" did not answer within 0.3 s and was ended; run it by hand to see why'
  await t.rejects(plugin.apply({}), { message })
  await ended(started)
})

t.test('a plugin that has ended, but left somebody who holds its output, is no wait either', async t => {
  const { exec } = shell('leaves', 'setsid sleep 2 &')
  await t.rejects(new ExecPlugin(exec, 300).apply({}), { message: /^the exec plugin "leaves" did not answer within/ })
})

t.test('a plugin that asks somebody finds nobody', async t => {
  const { exec } = shell('asks', 'read answer || { echo "nobody to ask" >&2; exit 1; }')
  await t.rejects(new ExecPlugin(exec).apply({}), { message: 'nobody to ask\n' })
})

t.test('a plugin that prints without end is ended', async t => {
  for (const to of ['&1', '&2']) {
    const { exec } = shell('yes', `yes >${to}`)
    await t.rejects(new ExecPlugin(exec).apply({}), {
      message: /^the exec plugin "yes" printed more than 1 MiB and was/,
    })
  }
})

t.test('a plugin that answers, and one that is not there', async t => {
  const { exec } = shell('good', `echo '{"status": {"token": "of-the-plugin"}}'`)
  const options = { headers: {} }
  await new ExecPlugin(exec).apply(options)
  t.strictSame(options, { headers: { Authorization: 'Bearer of-the-plugin' } })
  await t.rejects(new ExecPlugin({ command: '/no/such/plugin' }).apply({}), { code: 'ENOENT' })
})

t.test('a plugin that is running does not outlive the program', async t => {
  const { exec, started } = shell('left', 'sleep 1000 & echo $! > "$STARTED"; wait')
  const code = `
    import { existsSync } from 'node:fs'
    const { ExecPlugin } = await import(${JSON.stringify(import.meta.resolve('../../../src/kube/kubeconfig/exec-plugin.ts'))})
    void new ExecPlugin(${JSON.stringify(exec)}).apply({})
    setInterval(() => { if (existsSync(${JSON.stringify(started)})) process.exit(7) }, 20)`
  const child = spawnGuarded(process.execPath, ['--input-type=module', '--eval', code], { output: 'inherit' })
  t.equal(await waitForExit(child), 7)
  await poll('it has written', async () => (readFileSync(started, 'utf8') === '' ? undefined : true))
  await ended(started)
})
