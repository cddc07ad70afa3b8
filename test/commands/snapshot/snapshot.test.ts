import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { Exchange } from '../../kube/fake-api-server.ts'
import { matchTranscript } from '../ask/transcripts.ts'
import { namespace } from '../scan/objects.ts'
import { OBJECTS, snapshot } from './stand.ts'

const matches = (test: Test, name: string, said: string) =>
  matchTranscript(test, join(import.meta.dirname, 'transcripts', `${name}.txt`), said)

t.test('a namespace, as a person sees it: no user, no password, and no Secret but what it is', async t => {
  const { transcript, asked } = await snapshot(t, ['-n', 'team-a'])
  matches(t, 'namespace', transcript)
  t.notMatch(transcript, /joe|jane|hunter2/)
  t.strictSame(asked, [
    '/api/v1/namespaces metadata.name=team-a',
    '/api/v1/namespaces/team-a/secrets type=kubernetes.io/dockerconfigjson',
    '/api/v1/namespaces/team-a/secrets type=kubernetes.io/dockercfg',
    '/api/v1/namespaces/team-a/secrets type!=kubernetes.io/dockerconfigjson,type!=kubernetes.io/dockercfg',
    '/api/v1/namespaces/team-a/serviceaccounts',
  ])
})

t.test('all namespaces, page by page', async t => {
  const whole = await snapshot(t, ['-A', '-o', 'json'])
  const paged = await snapshot(t, ['-A', '-o', 'json'], OBJECTS, { pageItems: 1 })
  t.strictSame([whole.err, whole.status], [paged.err, 0])
  const { takenAt, namespaces, ...rest } = JSON.parse(whole.out)
  t.ok(Math.abs(Date.parse(takenAt) - Date.now()) < 60_000)
  t.match(rest, { apiVersion: 'regcred.dev/v1alpha1', kind: 'PullSecretSnapshot', cluster: /^http:\/\/127\.0\.0\.1:/ })
  t.strictSame(
    namespaces.map(({ name, secrets }: { name: string; secrets: { name: string }[] }) => [name, secrets.length]),
    [
      ['team-a', 7],
      ['team-b', 1],
    ],
  )
  t.strictSame(JSON.parse(paged.out).namespaces, namespaces)
  t.ok(paged.asked.length > whole.asked.length)
})

t.test('what may not be read is named, there and in the snapshot, and the rest is in it', async t => {
  const refuses = ({ path }: Exchange) => (path.endsWith('/team-a/secrets') ? ([403, 'Forbidden'] as const) : undefined)
  const { out, transcript, status } = await snapshot(t, ['-A'], OBJECTS, { refuses })
  matches(t, 'forbidden', transcript)
  t.equal(status, 2)
  const { namespaces, notRead } = parse(out)
  t.notOk('secrets' in namespaces[0])
  t.equal(namespaces[0].serviceAccounts.length, 2)
  t.equal(namespaces[1].secrets.length, 1)
  t.match(notRead, [{ namespace: 'team-a', reason: /^you may not list secrets/ }])
})

for (const [name, answer] of [
  ['too-much-to-do', [429, 'TooManyRequests', { 'Retry-After': '60' }]],
  ['internal-error', [500, 'InternalError']],
  ['no-answer', 'silent'],
] as const) {
  t.test(`an API server with ${name} is told in one sentence, and no more namespaces are tried`, async t => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const refuses = ({ path }: Exchange) => (path === '/api/v1/namespaces' ? undefined : answer)
    const said = await snapshot(
      t,
      ['-A', '--request-timeout', '2s'],
      names.map(one => namespace(one)),
      { refuses },
    )
    matches(t, name, said.transcript)
    t.equal(said.status, 2)
    t.equal(said.asked.length, 4)
  })
}

t.test('who may not list namespaces is told what to do', async t => {
  const refuses = ({ path }: Exchange) => (path === '/api/v1/namespaces' ? ([403, 'Forbidden'] as const) : undefined)
  const { err, status } = await snapshot(t, ['-A'], OBJECTS, { refuses })
  t.match(
    err,
    'snapshot one: regcred snapshot --namespace NAME, or see the role that is needed: regcred snapshot --rbac',
  )
  t.equal(status, 2)
  const one = await snapshot(t, ['-n', 'team-b', '-o', 'json'], OBJECTS, { refuses })
  t.match(JSON.parse(one.out).namespaces, [{ name: 'team-b', labelsUnknown: true, secrets: [{ name: 'acme' }] }])
  t.equal(one.status, 0)
})

t.test('a file is written whole', async t => {
  const folder = t.testdir({ 'there.yaml': 'old' })
  const { out, status } = await snapshot(t, ['--output-file', join(folder, 'there.yaml')])
  t.strictSame([out, status], ['', 0])
  t.equal(parse(readFileSync(join(folder, 'there.yaml'), 'utf8')).kind, 'PullSecretSnapshot')
  t.match((await snapshot(t, ['--output-file', join(folder, 'none/a.yaml')])).err, /cannot write .*: no such file/)
})

t.test('names that would control a terminal are escaped, and are read as they are', async t => {
  const hostile = 'ghcr.io\u001b[2J\u202e: "x" \n'
  const evil = secretOfHostile(hostile)
  for (const format of ['yaml', 'json']) {
    const { out } = await snapshot(t, ['-o', format], [namespace('team-a'), evil])
    t.notMatch(out, /[^\n\x20-\x7e]/)
    t.equal(parse(out).namespaces[0].secrets[0].registries[0].registry, hostile)
  }
})

function secretOfHostile(registry: string) {
  const [, , mixed] = OBJECTS
  const config = JSON.stringify({ auths: { [registry]: { auth: 'YTpi' } } })
  return { ...mixed, kind: 'Secret', data: { '.dockerconfigjson': Buffer.from(config).toString('base64') } } as never
}

t.test('--rbac prints a role, and asks nobody', async t => {
  const { out, asked } = await snapshot(t, ['--rbac'])
  t.match(out, /resources: \[secrets, serviceaccounts, namespaces\]\n {2}verbs: \[list\]/)
  t.match(out, /name: "regcred-snapshot"\n$/)
  t.strictSame(asked, [])
  t.match((await snapshot(t, ['--rbac', 'jane'])).out, /kind: User\n {2}name: "jane"/)
})

t.test('all namespaces and one at once are too many', async t => {
  const { err } = await snapshot(t, ['-A', '-n', 'team-a'])
  t.equal(err, 'regcred: give one of --namespace and --all-namespaces\n')
  t.match((await snapshot(t, ['-n', 'nowhere'])).err, 'namespace "nowhere" does not exist; see: kubectl get namespaces')
})
