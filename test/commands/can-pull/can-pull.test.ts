import { join } from 'node:path'
import t, { type Test } from 'tap'
import { canPullCommand } from '../../../src/commands/can-pull/can-pull.ts'
import type { Exchange } from '../../kube/fake-api-server.ts'
import { poll } from '../../processes/poll.ts'
import { type Held, secretOf, standFor } from '../ask/asked-cluster.ts'
import { HELD, MIXED, TWO_DAYS_AGO } from '../ask/objects.ts'
import { runCommand, transcriptOf } from '../ask/run-command.ts'
import { matchTranscript } from '../ask/transcripts.ts'

const FOLDER = join(import.meta.dirname, 'transcripts')
const matches = (test: Test, name: string, said: string) => matchTranscript(test, join(FOLDER, `${name}.txt`), said)

async function canPull(
  test: Test,
  args: readonly string[],
  answer?: (exchange: Exchange) => boolean,
  held: Held = HELD,
) {
  const { kubeconfig, asked } = await standFor(test, held, answer)
  const said = await runCommand(canPullCommand, [...args, '--kubeconfig', kubeconfig])
  return { ...said, asked, transcript: transcriptOf(`regcred can-pull ${args.join(' ')}`, said) }
}

const WALKTHROUGH = 'your.private.registry.example.com/janedoe/jdoe-private:v1'

const cases: readonly [name: string, ...args: string[]][] = [
  ['no/no-password', WALKTHROUGH],
  ['yes/yes', 'ghcr.io/acme/web:1'],
  ['yes/docker-hub', 'janedoe/jdoe-private'],
  ['yes/public', 'registry.k8s.io/pause:3.10'],
  ['no/expired', 'old.example.com/a/b', '--secret', 'expired'],
  ['yes/expires', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web'],
  ['no/nobody-lists-any', 'registry.example.com/a', '--as', 'sa/bare'],
  ['no/nobody-has-any', 'other.example.com/a', '--as', 'serviceaccount/bare'],
  ['no/account-misspells', 'registry.example.com/a', '--as', 'sa/ci'],
  ['no/pod-misspells', '--as', 'pod/misspelt'],
  ['no/pod', '--as', 'pod/private-reg'],
  ['yes/deployment', '--as', 'deployment/plain'],
  ['no/job', '--as', 'job/nightly-1'],
  ['yes/two-secrets', 'registry.example.com/a', '--secret', 'good', '--secret', 'regcred'],
  ['no/wrong-type', 'registry.example.com/a', '--secret', 'opaque'],
  ['no/broken', 'registry.example.com/a', '--secret', 'good', '--secret', 'broken'],
  ['no/near-miss', 'near.example.com/acme/a', '--secret', 'near'],
  ['no/docker-hub', 'janedoe/private', '--secret', 'good', '-n', 'team-b'],
  ['no/token', 'acme.azurecr.io/a'],
  ['no/user-alone', 'quay.io/acme/a'],
  ['yes/account-with-an-empty-name', 'registry.example.com/a', '--as', 'sa/odd'],
  ['error/not-filled-json', 'registry.example.com/a', '--secret', 'later', '-o', 'json'],
  ['error/not-filled', 'registry.example.com/a', '--secret', 'later'],
  ['no/missing-secret', 'registry.example.com/a', '--secret', 'nowhere'],
  ['no/invalid-image', 'https://ghcr.io/ACME/web'],
  ['error/missing-workload', '--as', 'deployment/wbe'],
  ['error/missing-account', 'nginx', '--as', 'sa/nobody'],
  ['error/no-image', '--as', 'pod/no-image'],
  ['yes/never', '--as', 'pod/never'],
  ['no/generated', 'made.example.com/a', '--as', 'sa/bare'],
  ['error/unreadable-pod', '--as', 'pod/wrong'],
  ['error/unreadable-deployment', '--as', 'deployment/odd'],
  ['no/json', WALKTHROUGH, '-o', 'json'],
  ['no/quiet', WALKTHROUGH, '-q'],
  ['error/nothing-asked'],
  ['error/unknown-kind', 'nginx', '--as', 'node/a'],
  ['error/no-workload', 'nginx', '--as', 'secret/a'],
]

for (const [name, ...args] of cases)
  t.test(name.replaceAll(/[-/]/g, ' '), async t => matches(t, name, (await canPull(t, args)).transcript))

t.test('what is read is what is needed: other Secrets only where something could help', async t => {
  const secrets = '/api/v1/namespaces/default/secrets'
  const yes = await canPull(t, ['ghcr.io/acme/web:1'])
  t.strictSame(yes.asked, ['/api/v1/namespaces/default/serviceaccounts/default', `${secrets}/regcred`])
  const no = await canPull(t, [WALKTHROUGH])
  t.ok(no.asked.includes(`${secrets} type=kubernetes.io/dockerconfigjson`))
  const quiet = await canPull(t, [WALKTHROUGH, '-q'])
  t.equal(quiet.asked.length, 2)
})

t.test('without the right to list Secrets there is less to advise', async t => {
  const said = await canPull(t, ['registry.example.com/a', '--as', 'sa/bare'], exchange => {
    const isList = exchange.path.endsWith('/secrets')
    if (isList) exchange.status(403, 'Forbidden')
    return isList
  })
  matches(t, 'no/unlisted', said.transcript)
})

t.test('a Secret that may not be read is an error', async t => {
  const said = await canPull(t, ['nginx'], exchange => {
    const isSecret = exchange.path.includes('/secrets')
    if (isSecret) exchange.status(403, 'Forbidden')
    return isSecret
  })
  t.equal(said.status, 2)
  t.match(said.err, 'you may not get secrets in namespace "default" (403)')
})

const folder = t.testdir({
  'config.json': JSON.stringify(MIXED),
  'secret.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'acme', namespace: 'team-a' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: {
      '.dockerconfigjson': JSON.stringify({
        auths: { 'registry.example.com/acme': { username: 'u', password: 'hunter2-Zq7' } },
      }),
    },
  }),
  'empty.json': '{}',
  'broken.json': '{"auths": [',
  'node.yaml': `apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration
registries:
  node: ["*.example.net", {pattern: "*.example.org", serviceAccountAnnotations: [example.com/role]}]
  private: ["ghcr.io/acme"]
`,
})
const file = (name: string) => join(folder, name)

async function ask(...args: string[]) {
  const before = process.cwd()
  process.chdir(folder)
  const said = await runCommand(canPullCommand, args)
  process.chdir(before)
  return { ...said, transcript: transcriptOf(`regcred can-pull ${args.join(' ')}`, said) }
}

t.test('Secrets in files are asked about without any cluster', async t => {
  const files = ['-f', 'secret.json', '-f', 'config.json']
  matches(t, 'files/yes', (await ask('registry.example.com/acme/web', ...files)).transcript)
  matches(t, 'files/no', (await ask('registry.example.com/other', '-f', 'secret.json')).transcript)
  matches(t, 'files/docker-hub', (await ask('janedoe/private', '-f', 'secret.json')).transcript)
  matches(t, 'files/near-miss', (await ask('registry.example.com/amce/web', '-f', 'secret.json')).transcript)
  matches(t, 'files/no-password', (await ask(WALKTHROUGH, '-f', 'config.json')).transcript)
  const one = await ask('registry.example.com/acme/web', ...files, '--secret', './config.json', '-o', 'json')
  t.strictSame(
    JSON.parse(one.out).images[0].attempts.map(({ secret }: { secret: string }) => secret),
    ['./config.json'],
  )
  const piped = await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-'], JSON.stringify(MIXED))
  t.match(piped, { status: 0, out: /standard input/ })
})

t.test('a Secret of a file that lacks something is written anew', async t => {
  const auths = { 'registry.example.com': {}, 'ghcr.io': { username: 'u', password: 'hunter2-Zq7' } }
  const stringData = { '.dockerconfigjson': JSON.stringify({ auths }) }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: {}, type: 'kubernetes.io/dockerconfigjson', stringData }
  const named = JSON.stringify({ ...secret, metadata: { name: 'acme' } })
  const said = await runCommand(canPullCommand, ['registry.example.com/a', '-f', '-'], named)
  matches(t, 'files/incomplete', transcriptOf('regcred can-pull registry.example.com/a -f -', said))
  const unnamed = await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-'], JSON.stringify(secret))
  t.equal(unnamed.status, 0, 'a Secret without a name is asked about, too')
})

t.test('where every usual name is taken the first is advised', async t => {
  const names = ['regcred', ...Array.from({ length: 8 }, (_, i) => `regcred-${i + 2}`)]
  const items = names.map(name => ({ ...secretOf(name, { auths: {} }), metadata: { name } }))
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const { out } = await runCommand(canPullCommand, ['other.example.com/a', '-f', '-', '--secret', 'near'], input)
  t.match(out, /create it: kubectl create secret docker-registry near |near/)
  const all = await runCommand(canPullCommand, ['other.example.com/a', '-f', '-'], input)
  t.match(all.out, /docker-registry regcred --namespace/)
})

t.test('files without a Secret, and such as cannot be read', async t => {
  t.match(await ask('nginx', '-f', 'empty.json'), {
    status: 2,
    err: /there is no docker config and no pull secret in /,
  })
  t.match(await ask('nginx', '-f', 'broken.json'), { status: 2, err: /broken.json:1/ })
})

t.test('Secrets in files are those of one namespace', async t => {
  const auths = { 'ghcr.io': { username: 'u', password: 'hunter2-Zq7' } }
  const inNamespace = (name: string, namespace: string) => {
    const { metadata, ...rest } = secretOf(name, { auths })
    return { ...rest, metadata: { ...metadata, namespace } }
  }
  const input = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [inNamespace('a', 'x'), inNamespace('b', 'y')],
  })
  const pull = (...args: string[]) => runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-', ...args], input)
  t.match(await pull(), { status: 2, err: 'the Secrets in these files are of 2 namespaces; choose one: -n NAME' })
  const one = await pull('-n', 'y', '-o', 'json')
  t.match(JSON.parse(one.out).images[0].attempts, [{ secret: 'b' }])
  const config = await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-', '-n', 'y'], JSON.stringify(MIXED))
  t.equal(config.status, 0, 'a docker config is of any namespace')
  t.match(await pull('-n', 'z'), {
    status: 2,
    err: 'there is no docker config and no pull secret of namespace "z" in -',
  })
})

t.test('nobody can say what an encrypted Secret of a file holds', async t => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, type: 'kubernetes.io/dockerconfigjson' }
  const input = JSON.stringify({ ...secret, stringData: { '.dockerconfigjson': 'ENC[AES]' } })
  t.match(await runCommand(canPullCommand, ['ghcr.io/a/b', '-f', '-'], input), { status: 2, out: /^unknown - / })
})

t.test('nothing stays open, whatever came of it', async t => {
  const { server, kubeconfig } = await standFor(t, HELD)
  for (const args of [['nginx'], ['--as', 'pod/nobody'], ['--as', 'pod/wrong'], ['nginx', '--as', 'sa/nobody']]) {
    await runCommand(canPullCommand, [...args, '--kubeconfig', kubeconfig])
    await poll('no connection is open', async () => (await server.countOpen()) === 0 || undefined)
  }
  t.ok(server.connections >= 4)
})

t.test('a workload of the cluster with Secrets of files', async t => {
  const { status, asked } = await canPull(t, ['--as', 'pod/private-reg', '-f', file('config.json')])
  t.equal(status, 1)
  t.strictSame(asked, ['/api/v1/namespaces/default/pods/private-reg'], 'no Secret of the cluster is asked for')
})

t.test('the registries of the configuration count', async t => {
  const config = ['--config', file('node.yaml')]
  matches(t, 'yes/node', (await canPull(t, ['a.example.net/web', ...config])).transcript.replaceAll(folder, '.'))
  matches(
    t,
    'private',
    (await canPull(t, ['ghcr.io/acme/web', '--as', 'sa/bare', ...config])).transcript.replaceAll(folder, '.'),
  )
  const expired = await runCommand(
    canPullCommand,
    ['a.example.net/web', '-f', '-', '--config', file('node.yaml')],
    JSON.stringify({ auths: { 'a.example.net': { username: 'AWS', password: TWO_DAYS_AGO } } }),
  )
  t.match(expired, { status: 0, out: /^yes - Kubernetes would try, in this order:\n.* expired 2 days ago\n/ })
  const annotated = await canPull(t, ['a.example.org/web', '--secret', 'good', ...config])
  t.equal(annotated.status, 1, 'the nodes do not log in for a ServiceAccount without the annotation')
})

t.test('what writes a Secret is named, where it would write it again', async t => {
  const by = (kind: string) => ({ ownerReferences: [{ apiVersion: 'x/v1', kind, name: 'acme', controller: true }] })
  const expired = { auths: { 'old.example.com': { username: 'AWS', password: TWO_DAYS_AGO } } }
  const kept = [
    secretOf('external', expired, by('ExternalSecret')),
    secretOf('sealed', 'no docker config', by('SealedSecret')),
    secretOf('opaque', expired, { ...by('ExternalSecret'), type: 'Opaque', key: 'config.json' }),
    secretOf('near', { auths: { 'near.example.com/acmee': expired.auths['old.example.com'] } }, by('ExternalSecret')),
    secretOf('flux', expired, { labels: { 'kustomize.toolkit.fluxcd.io/name': 'a' } }),
  ]
  const held = { ...HELD, '/api/v1/namespaces/default/secrets': kept }
  const advised = [
    { image: 'old.example.com/a', secret: 'external', says: 'Next: correct it where ExternalSecret "acme" gets it\n' },
    { image: 'old.example.com/a', secret: 'sealed', says: 'Next: correct it where SealedSecret "acme" gets it\n' },
    { image: 'old.example.com/a', secret: 'opaque', says: 'Next: correct it where ExternalSecret "acme" gets it\n' },
    {
      ...{ image: 'near.example.com/acme/a', secret: 'near' },
      says: /write\s+"near.example.com\/acme"\nThen: correct it where ExternalSecret "acme" gets it\n/,
    },
    { image: 'old.example.com/a', secret: 'flux', says: 'Next: change it in Git, from where Flux applies it\n' },
  ]
  for (const { image, secret, says } of advised) {
    const { out } = await canPull(t, [image, '--secret', secret], undefined, held)
    t.match(out, says)
    t.notMatch(out, 'kubectl replace')
  }
})
