import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { versionCommand } from '../../../src/commands/status/version.ts'
import { readVersion } from '../../../src/package.ts'
import { named, release } from '../../status/release.ts'
import { runCommand } from '../ask/run-command.ts'
import { type ClusterOptions, type Stored, startCluster } from '../ask/stored-cluster.ts'

async function version(t: Test, args: readonly string[], objects: readonly Stored[], options: ClusterOptions = {}) {
  const { kubeconfig, asked } = await startCluster(t, objects, options)
  const { out, err, status } = await runCommand(versionCommand, [...args, `--kubeconfig=${kubeconfig}`])
  return { out, err: err.replace(/^.*without TLS.*\n/, ''), status, asked }
}

const CLIENT = readVersion()

t.test('of this program, and of what runs in the cluster', async t => {
  const second = named('Deployment', 'second', {}, { namespace: 'two', labels: { 'regcred.dev/release': 'second' } })
  const objects = [...release({ podVersions: ['0.2.0', '0.1.0'] }), second]
  t.match(await version(t, [], objects), {
    out: `client: ${CLIENT}\nserver: 0.1.0, 0.2.0 (Deployment regcred/regcred)\nserver: unknown (Deployment two/second)\n`,
    err: '',
  })
  t.match(await version(t, ['-n', 'two'], objects), { out: /^client: .*\nserver: unknown .*\n$/ })
})

t.test('for programs there is JSON', async t => {
  const { out } = await version(t, ['-o', 'json'], release())
  t.strictSame(JSON.parse(out), {
    client: CLIENT,
    server: [{ namespace: 'regcred', name: 'regcred', versions: ['0.1.0'] }],
  })
})

t.test('of this program alone no cluster is asked', async t => {
  const { out, asked } = await version(t, ['--client'], release())
  t.equal(out, `client: ${CLIENT}\n`)
  t.strictSame(asked, [])
})

t.test('where there is none in the cluster, that of this program is all', async t => {
  t.match(await version(t, [], []), { out: `client: ${CLIENT}\n`, err: '' })
})

t.test('a bug is not taken for a cluster that does not answer', async t => {
  const { kubeconfig } = await startCluster(t, [])
  const broken = Object.assign(new PassThrough(), {
    write() {
      throw new TypeError('broken')
    },
  })
  const streams = { stdin: process.stdin, stdout: new PassThrough(), stderr: broken }
  const asked = versionCommand(streams).parseAsync([`--kubeconfig=${kubeconfig}`], { from: 'user' })
  await t.rejects(asked, TypeError)
})

t.test('a cluster that cannot be asked is told of, and takes nothing from the rest', async t => {
  const forbidden = await version(t, [], release(), { refuses: () => [403, 'Forbidden'] })
  t.match(forbidden, {
    out: `client: ${CLIENT}\n`,
    err: 'regcred: the version in the cluster is not known: you may not list deployments in namespace "team-a" (403)\n',
  })
  t.equal(forbidden.status, undefined)
  const none = await runCommand(versionCommand, ['--kubeconfig=/nowhere'])
  t.match(none.err, /^regcred: the version in the cluster is not known: The kubeconfig \/nowhere cannot be read/)
})
