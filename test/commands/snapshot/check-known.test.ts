import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Exchange } from '../../kube/fake-api-server.ts'
import { account, namespace, secret, workload } from '../scan/objects.ts'
import { check, OBJECTS, podNaming, snapshot } from './stand.ts'

const UPDATE = process.env['UPDATE'] === '1'

/** Compares what people see with what is kept of it; `UPDATE=1` writes it. */
function matches(test: Test, name: string, said: string): void {
  const file = join(import.meta.dirname, 'transcripts', `${name}.txt`)
  if (UPDATE) writeFileSync(file, said)
  test.equal(said, readFileSync(file, 'utf8'))
}

/** A snapshot of the cluster, in a file. */
async function snapshotFile(test: Test, change: (text: string) => string = text => text): Promise<string> {
  const { out } = await snapshot(test, ['-A', '-o', 'json'])
  const file = join(test.testdir({}), 'pull-secrets.json')
  writeFileSync(file, change(out))
  return file
}

/** Paths of files that a test makes differ from run to run. */
const plain = (transcript: string, file: string) => transcript.replaceAll(file, 'pull-secrets.json')

t.test('a snapshot tells that a name is misspelt, without the cluster', async t => {
  const file = await snapshotFile(t)
  const said = await check(t, ['--known-secrets', file], podNaming('regcerd'))
  matches(t, 'known', plain(said.transcript, file))
  t.equal(said.status, 1)
  t.strictSame(said.asked, [])
  t.equal((await check(t, ['--known-secrets', file], podNaming('regcred'))).status, 0)
})

t.test('an old snapshot is told as such', async t => {
  const file = await snapshotFile(t, text => text.replace(/"takenAt": "\d+/, '"takenAt": "2020'))
  const { err } = await check(t, ['--known-secrets', file], podNaming('regcred'))
  t.match(
    err,
    /: the Secrets of http:\/\/127\.0\.0\.1:\d+ as of \d+ days ago; that is old, take another: regcred snapshot\n/,
  )
})

t.test('what a snapshot does not know, and that it does not say when it was taken, is told', async t => {
  const reason = 'you may not'
  const notRead = ['a', 'a', 'b', 'c', 'd'].map(namespace => ({ namespace, reason }))
  const file = await snapshotFile(t, text => JSON.stringify({ ...JSON.parse(text), takenAt: '', notRead }))
  const { err } = await check(t, ['--known-secrets', file], podNaming('regcred'))
  t.match(err, /127\.0\.0\.1:\d+, and it does not say as of when; without a, b, c and 1 more\n/)
})

t.test('with view.secrets: names nothing is known of what is in a Secret, as in the cluster', async t => {
  const settings = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nview: {secrets: names}\n'
  const config = join(t.testdir({ 'regcred.yaml': settings }), 'regcred.yaml')
  const { out, err, status } = await check(t, ['--cluster', '--config', config], podNaming('broken'))
  t.strictSame([out, status], ['1 object checked: 0 errors, 0 warnings, 0 notes\n', 0])
  t.notMatch(err, 'cannot tell')
  t.match((await check(t, ['--cluster', '--config', config], podNaming('gone'))).out, 'SecretNotFound')
})

t.test('the same looked up in the cluster, in the namespaces of the manifests alone', async t => {
  const said = await check(t, ['--cluster'], podNaming('regcerd'))
  matches(t, 'cluster', said.transcript)
  t.equal(said.status, 1)
  t.ok(said.asked.every(path => /team-a/.test(path)))
  t.equal((await check(t, ['--cluster'], podNaming('regcred'))).status, 0)
})

t.test('what the files hold takes the place of what the cluster holds', async t => {
  const own = `---
apiVersion: v1
kind: Secret
metadata: {name: regcred, namespace: team-a}
type: Opaque
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: team-a}
---
apiVersion: v1
kind: Namespace
metadata: {name: team-a, labels: {regcred.dev/mode: enforce}}
`
  const { out } = await check(t, ['--cluster'], `${podNaming('regcred')}${own}`)
  t.match(out, /Secret "regcred" has type Opaque/)
})

t.test('the namespace of objects that name none is that of the context', async t => {
  const bare = podNaming('regcerd').replace(', namespace: team-a', '')
  t.match((await check(t, ['--cluster'], bare)).out, 'in namespace "team-a"')
  t.match((await check(t, ['--cluster', '-n', 'team-b'], bare)).out, 'in namespace "team-b"')
  const file = await snapshotFile(t)
  t.match((await check(t, ['--known-secrets', file, '-n', 'team-b'], bare)).out, 'in namespace "team-b"')
  t.match((await check(t, ['--known-secrets', file], bare)).err, 'no pull secret of namespace default')
})

const TWO = `${podNaming('regcerd')}---\n${podNaming('acne', 'team-b', 'registry.example.com/acme/web:1')}`

t.test('what may not be read is unknown, and the rest is judged', async t => {
  const refuses = ({ path }: Exchange) => (path.endsWith('/team-a/secrets') ? ([403, 'Forbidden'] as const) : undefined)
  const said = await check(t, ['--cluster'], TWO, OBJECTS, { refuses })
  matches(t, 'cluster-forbidden', said.transcript)
  t.equal(said.status, 2)
})

for (const [name, answer] of [
  ['429', [429, 'TooManyRequests', { 'Retry-After': '60' }]],
  ['500', [500, 'InternalError']],
  ['silent', 'silent'],
] as const) {
  t.test(`where the API server says ${name}, one sentence is said, and the rest is judged`, async t => {
    const refuses = ({ path }: Exchange) => (path.endsWith('/team-a/secrets') ? answer : undefined)
    const { out, err, status } = await check(t, ['--cluster', '--request-timeout', '2s'], TWO, OBJECTS, { refuses })
    t.match(out, /Secret "acne" does not exist in namespace "team-b"; did you mean "acme"\?/)
    t.equal(err.match(/^regcred: team-a: /gm)?.length, 1)
    t.equal(status, 2)
  })
}

t.test('a namespace that does not exist yet is told, and its Secrets are unknown', async t => {
  const { out, err, status } = await check(t, ['--cluster'], podNaming('regcerd', 'new'))
  t.notMatch(out, 'SecretNotFound')
  t.match(err, 'regcred: namespace new does not exist in the cluster')
  t.equal(status, 0)
})

t.test('a ServiceAccount of the cluster counts', async t => {
  const objects = [namespace('team-a'), secret('acme'), account('default', ['amce'])]
  const pod = podNaming('x', 'team-a', 'registry.example.com/a').replace(/ {2}imagePullSecrets:\n.*\n/, '')
  const { out } = await check(t, ['--cluster'], pod, objects)
  t.match(out, /Secret "amce" does not exist .* ServiceAccount "default"/)
  t.match((await check(t, [], pod, objects)).err, '')
})

t.test('Secrets as kubectl prints them will do as well', async t => {
  const folder = t.testdir({
    'list.json': JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        ...OBJECTS.map(object => ({ apiVersion: 'v1', ...object })),
        { apiVersion: 'v1', kind: 'Secret', metadata: {} },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'regcred' } },
      ],
    }),
  })
  const { out, err } = await check(t, ['--known-secrets', join(folder, 'list.json')], podNaming('regcerd'))
  t.match(out, 'did you mean "regcred"?')
  t.equal(err, '')
})

t.test('what is no snapshot is an error in one line, and nothing is checked', async t => {
  const fails = async (text: string, expected: RegExp) => {
    const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
    const { out, err, status } = await check(t, ['--known-secrets', file], podNaming('regcred'))
    t.match(err.replaceAll(file, 'a.yaml'), expected)
    t.strictSame([out, status, err.trimEnd().split('\n').length], ['', 2, 1])
  }
  const head = 'apiVersion: regcred.dev/v1alpha1\nkind: PullSecretSnapshot\n'
  await fails('kind: [', /^regcred: a\.yaml:1:8: /)
  await fails(head, /^regcred: a\.yaml:1:1: cannot read this snapshot: the object /)
  await fails(
    `${head}takenAt: ''\ncluster: x\nnamespaces: [{name: a, secrets: [{name: b, type: c, registries: hunter2}]}]`,
    /namespaces\[0\]\.secrets\[0\]\.registries must be a list\n$/,
  )
  await fails(
    podNaming('x'),
    /^regcred: a\.yaml holds no snapshot and no Secret; .*: regcred snapshot -A > pull-secrets\.yaml\n$/,
  )
  await fails(
    'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: hunter2',
    /cannot read this Secret: data must be a mapping/,
  )
  await fails('', /holds no snapshot/)
})

t.test('an empty workload list asks nobody', async t => {
  const { asked, status } = await check(t, ['--cluster'], JSON.stringify(workload('Deployment', 'web')), [])
  t.strictSame([asked, status], [[], 2])
})
