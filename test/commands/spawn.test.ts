import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { issueCertificate } from '../../src/tls/issue.ts'
import { spawnGuarded, waitForExit } from '../processes/guard.ts'
import { listProcesses, printed } from '../processes/observe.ts'
import { poll } from '../processes/poll.ts'
import { outcomeOf, ROOT } from './spawn.ts'

/** A test that starts a server, says where, and goes on for ever. */
const TEST = `
  import { serve } from '${join(import.meta.dirname, 'spawn.ts')}'
  const { address } = await serve({ teardown: () => {} }, process.argv.slice(1))
  console.log(address)
  setInterval(() => {}, 1000)
`

const skip = process.platform !== 'linux' && 'processes are looked up in /proc'

t.test('a server does not outlive the test that started it, not even one that is killed', { skip }, async t => {
  const { cert, key } = await issueCertificate(['127.0.0.1'])
  const folder = t.testdir({ 'tls.crt': cert, 'tls.key': key })
  const files = ['--tls-cert-file', join(folder, 'tls.crt'), '--tls-private-key-file', join(folder, 'tls.key')]
  const args = ['--input-type=module', '-e', TEST, '--', ...files, '--manifests', join(ROOT, 'examples/cluster')]
  const test = spawnGuarded(process.execPath, args, { cwd: ROOT, output: 'pipe', errors: 'inherit' })
  const { port, hostname } = new URL((await printed(test, '\n')).trim())
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const isServer = (command: string) => command.includes('src/cli.ts serve')
  t.ok((await listProcesses(folder)).some(isServer))
  const closed = once(socket.resume(), 'close')
  test.kill('SIGKILL')
  t.equal(await waitForExit(test), 'SIGKILL')
  await closed
  await poll('nothing is running', async () => (await listProcesses(folder)).length === 0 || undefined)
})

t.test('help speaks as it was called: kubectl calls a plugin by the name of its file', async t => {
  const link = join(t.testdir({ 'kubectl-regcred': t.fixture('symlink', join(ROOT, 'src/cli.ts')) }), 'kubectl-regcred')
  const run = (...args: readonly string[]) =>
    outcomeOf(spawnGuarded(process.execPath, [link, ...args], { output: 'pipe' }) as Parameters<typeof outcomeOf>[0])
  t.match(await run('--help'), { status: 0, out: /^Usage: kubectl regcred \[options\]/ })
  t.match(await run('check', '--bogus'), { status: 2, err: /see kubectl regcred check --help\n$/ })
})
