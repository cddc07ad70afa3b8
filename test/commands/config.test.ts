import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { configCommand } from '../../src/commands/config.ts'
import { jsonSchema } from '../../src/config/schema.ts'
import { CommandError } from '../../src/runtime/command-error.ts'

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'team' }, spec: { containers: [] } }
const NAMESPACE = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'team', labels: { 'regcred.dev/mode': 'off' } },
}

/** Runs the command with these objects on standard input. */
async function run(flags: readonly string[], ...input: unknown[]): Promise<{ out: string; err: string }> {
  const items = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: input })
  const streams = { stdin: Readable.from([items]), stdout: new PassThrough(), stderr: new PassThrough() }
  await configCommand(streams).parseAsync(flags, { from: 'user' })
  streams.stdout.end()
  streams.stderr.end()
  return { out: await text(streams.stdout), err: await text(streams.stderr) }
}

t.test('without a file the defaults are printed', async t => {
  const { out, err } = await run([])
  t.match(out, 'mode: warn # default\n')
  t.equal(err, '')
})

t.test('with a file its lines are named', async t => {
  const file = join(
    t.testdir({ f: 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: audit\n' }),
    'f',
  )
  const { out } = await run(['--config', file])
  t.match(out, `mode: audit # ${file}:3\n`)
})

t.test('every fault of a file is a line of the refusal', async t => {
  const file = join(t.testdir({ f: 'apiVersion: regcred.dev/v1alpha1\nkind: Foo\nmode: 3\n' }), 'f')
  await t.rejects(
    run(['--config', file]),
    new CommandError([
      `${file}:2:7: kind: must be AdmissionConfiguration, found "Foo"`,
      `${file}:3:7: mode: must be one of off, audit, warn, enforce, found 3`,
    ]),
  )
})

t.test('the schema for editors is that of the code', async t => {
  const { out } = await run(['--schema'])
  t.strictSame(JSON.parse(out), jsonSchema())
})

t.test('for a namespace its labels decide, if a manifest tells them', async t => {
  const folder = t.testdir({ 'ns.json': JSON.stringify(NAMESPACE) })
  const { out, err } = await run(['-n', 'team', '--manifests', folder])
  t.match(out, '# exempt: false (default)\n')
  t.match(out, 'mode: "off" # namespace label regcred.dev/mode\n')
  t.equal(err, '')
})

t.test('for a namespace that no manifest tells of, the rest is printed and that said', async t => {
  const { out, err } = await run(['-n', 'kube-system'])
  t.match(out, '# exempt: true (default)\n')
  t.equal(err, 'regcred: Namespace kube-system is not among the files: its labels are ignored\n')
})

t.test('for a Pod its annotations and images decide, and its namespace may stand beside it', async t => {
  const pod = {
    ...POD,
    metadata: {
      ...POD.metadata,
      annotations: { 'regcred.dev/inject': 'disabled', 'regcred.dev/pull-secrets': 'mine' },
    },
    spec: { containers: [{ name: 'web', image: 'ghcr.io/acme/web' }] },
  }
  const { out, err } = await run(['-f', '-', '-n', 'other', '-o', 'json'], pod, NAMESPACE)
  t.match(JSON.parse(out), {
    configuration: { mode: 'off', inject: { enabled: false, secrets: ['mine'] } },
    explanation: [{ setting: 'exempt' }, { setting: 'class of ghcr.io/acme/web', value: 'mixed' }],
  })
  t.equal(err, '')
})

t.test('a Pod template will do for a Pod, in the namespace of the flag if it names none', async t => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } },
  }
  const { out } = await run(['-f', '-', '-n', 'team'], deployment, NAMESPACE)
  t.match(out, '# class of nginx: public')
  t.match(out, 'mode: "off" # namespace label regcred.dev/mode\n')
})

t.test('a manifest of no Pod, of two, and of one that is none', async t => {
  await t.rejects(
    run(['-f', '-'], NAMESPACE),
    new CommandError('- has 0 Pods and Pod templates; give a file with exactly one'),
  )
  await t.rejects(
    run(['-f', '-'], POD, POD),
    new CommandError('- has 2 Pods and Pod templates; give a file with exactly one'),
  )
  await t.rejects(run(['-f', '-'], { ...POD, spec: 1 }), { message: /^-: Pod spec must be/ })
})

t.test('manifests that are not there', async t => {
  const file = join(t.testdir(), 'none.yaml')
  await t.rejects(run(['-f', file]), new CommandError(`${file}: no such file or folder`))
})
