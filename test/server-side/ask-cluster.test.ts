import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ClusterQuestions } from '../../src/server-side/ask-cluster.ts'
import type { Exchange } from '../kube/fake-api-server.ts'
import { type Answer, CREATED, check, isProbe, type Sent, standIn } from './stand.ts'

const UPDATE = process.env['UPDATE'] === '1'

function matches(test: Test, name: string, said: string): void {
  const file = join(import.meta.dirname, 'transcripts', `${name}.txt`)
  const made = said.replaceAll(/\b(web|lone)-(probe-)?[0-9a-f]{8}\b/g, '$1-$2SUFFIX')
  if (UPDATE) writeFileSync(file, made)
  test.equal(made, readFileSync(file, 'utf8'))
}

/** A Deployment that names a Secret. */
function deployment(name: string, secret: string, namespace = 'team-a', image = 'registry.example.com/acme/web:1') {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, ownerReferences: [{kind: App, name: a}], resourceVersion: "5"}
spec:
  template:
    spec:
      containers: [{name: web, image: "${image}"}]
      imagePullSecrets:
      - name: ${secret}
status: {replicas: 1}
`
}

const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: own, namespace: team-a}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths":{"ghcr.io":{"username":"joe","password":"hunter2-Zq7"}}}'
`

const missing = (title: string, secret: string, near: string) =>
  `${title}: Secret "${secret}" does not exist in namespace "team-a"; did you mean "${near}"? Write it in spec.template.spec.imagePullSecrets`

const all = (...parts: readonly string[]) => parts.join('---\n')

t.test('what the cluster warns of is a finding, at the name that is wrong', async t => {
  const stand = await standIn(t, sent =>
    isProbe(sent) ? undefined : { warnings: [missing(`Deployment ${sent.name}`, 'regcerd', 'regcred')] },
  )
  const said = await check(t, stand, deployment('web', 'regcerd'))
  matches(t, 'warning', said.transcript)
  t.equal(said.status, 1)
  const [finding] = JSON.parse((await check(t, stand, deployment('web', 'regcerd'), '-o', 'json')).out).objects[0]
    .findings
  t.match(finding, {
    ...{ code: 'SecretNotFound', effect: 'mayBlock', secret: 'regcerd', suggestion: 'regcred', line: 9, column: 15 },
    message: missing('', 'regcerd', 'regcred').slice(': '.length),
  })
})

t.test('nothing is ever sent but to be tried, no Secret, and nothing that only a cluster writes', async t => {
  const stand = await standIn(t, () => CREATED)
  await check(t, stand, all(deployment('web', 'own'), SECRET, deployment('lone', 'own')))
  t.equal(stand.sent.length, 3, 'a probe, and two objects')
  for (const { query, object, path } of stand.sent) {
    t.strictSame(query, { dryRun: 'All', fieldManager: 'regcred', fieldValidation: 'Ignore' })
    t.equal(path, '/apis/apps/v1/namespaces/team-a/deployments')
    t.strictSame(Object.keys(Object(object)).sort(), ['apiVersion', 'kind', 'metadata', 'spec'])
    t.strictSame(Object.keys(Object(object).metadata).sort(), ['name', 'namespace'])
  }
  t.ok(stand.asked.every(one => one === 'GET /apis/apps/v1' || one.startsWith('POST /apis/apps/v1/namespaces/team-a/')))
})

t.test(
  'each attempt is a dry run: after a broken connection, when there is too much to do, and no redirect is followed',
  async t => {
    const answers: Answer[] = [
      'cut',
      { status: 429, reason: 'TooManyRequests', message: 'later' },
      { status: 307, message: 'elsewhere' },
    ]
    const stand = await standIn(t, sent => (isProbe(sent) ? undefined : (answers.shift() ?? CREATED)))
    const { err, status } = await check(t, stand, deployment('web', 'own'))
    t.equal(stand.sent.length, 4, 'a probe, and three attempts')
    t.ok(stand.sent.every(({ query }) => query['dryRun'] === 'All'))
    t.match(
      err,
      /^regcred: the cluster could not be asked about Deployment web in namespace team-a: .* has an error \(307\)/m,
    )
    t.equal(status, 2)
    t.strictSame(new Set(stand.exchanges.map(({ method }) => method)), new Set(['GET', 'POST']))
  },
)

t.test('what regcred refuses is an error, each cause one', async t => {
  const denied = (name: string) =>
    `admission webhook "validate.regcred.dev" denied the request: ${missing(`Deployment ${name}`, 'regcerd', 'regcred')}; ` +
    `Deployment ${name}: no pull secret is listed, and "registry.example.com/acme/web:1" needs one; add one ` +
    '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn). Ask in #platform'
  const stand = await standIn(t, sent =>
    isProbe(sent)
      ? undefined
      : { status: 403, reason: 'Forbidden', message: denied(sent.name), warnings: ['of another'] },
  )
  const said = await check(t, stand, deployment('web', 'regcerd'))
  matches(t, 'refused', said.transcript)
  const { findings } = JSON.parse((await check(t, stand, deployment('web', 'regcerd'), '-o', 'json')).out).objects[0]
  t.match(findings, [
    { code: 'SecretNotFound', effect: 'blocks' },
    { code: 'ImageNotCovered', effect: 'blocks', container: 'web', image: 'registry.example.com/acme/web:1' },
  ])
})

t.test('what the files bring along, the cluster does not know', async t => {
  const stand = await standIn(t, ({ name, ...sent }) =>
    isProbe({ name, ...sent })
      ? undefined
      : {
          warnings: [
            missing(`Deployment ${name}`, 'own', 'on'),
            `Deployment ${name}: no pull secret is listed, and "registry.example.com/acme/web:1" needs one; add one`,
          ],
        },
  )
  const { out } = await check(t, stand, all(deployment('web', 'own'), SECRET))
  t.notMatch(out, /SecretNotFound|needs one/)
  t.match(out, /ImageNotCovered: none of its pull secrets has credentials/, 'which is judged here')
})

t.test('an object that is there already is asked about under another name', async t => {
  const stand = await standIn(t, sent =>
    isProbe(sent)
      ? undefined
      : sent.name === 'web'
        ? { status: 409, reason: 'AlreadyExists', message: 'deployments.apps "web" already exists' }
        : { warnings: [missing(`Deployment ${sent.name}`, 'regcerd', 'regcred')] },
  )
  const { out, err } = await check(t, stand, deployment('web', 'regcerd'))
  t.match(out, 'did you mean "regcred"?')
  t.equal(err, '')
  t.match(stand.sent.at(-1)?.name, /^web-[0-9a-f]{8}$/)
  const taken = await standIn(t, () => ({ status: 409, reason: 'AlreadyExists', message: 'x' }))
  const second = await check(t, taken, deployment('web', 'regcerd'))
  t.match(second.err, /there is one of this name already\n$/)
})

for (const [name, answer] of Object.entries({
  rbac: {
    ...{ status: 403, reason: 'Forbidden' },
    message: 'deployments.apps is forbidden: User "dev" cannot create resource "deployments" in API group "apps"',
  },
  'other-check': { status: 403, reason: 'Forbidden', message: 'pods "web" is forbidden: exceeded quota hunter2' },
  'no-namespace': { status: 404, reason: 'NotFound', message: 'namespaces "team-a" not found' },
  invalid: { status: 422, reason: 'Invalid', message: 'Deployment.apps "web" is invalid: hunter2' },
  'other-webhook': { status: 400, message: 'admission webhook "kyverno.example" denied the request: no\u001b[2J' },
  'too-large': {
    ...{ status: 403, reason: 'Forbidden' },
    message: 'admission webhook "regcred.dev" denied the request: Deployment web: too large to be checked; use fewer',
  },
} satisfies Record<string, Answer>)) {
  t.test(`what cannot be asked is told, and the rest is asked: ${name}`, async t => {
    const stand = await standIn(t, sent => (sent.name.startsWith('web') ? answer : undefined))
    const said = await check(t, stand, all(deployment('web', 'a'), deployment('lone', 'b')))
    matches(t, name, said.transcript)
    t.equal(said.status, 2)
    t.notMatch(said.transcript, '\u001b')
    t.ok(stand.sent.some(sent => sent.name === 'lone'))
  })
}

for (const [name, answer] of [
  ['429', { status: 429, reason: 'TooManyRequests', message: 'later' }],
  ['500', { status: 500, reason: 'InternalError', message: 'failed' }],
  ['silent', 'silent'],
] as const) {
  t.test(`an API server that is ${name} is told in one sentence, and not asked for ever`, async t => {
    const stand = await standIn(
      t,
      () => answer,
      ({ method }: Exchange) =>
        name === '429' && method === 'GET' ? ({ ...CREATED, ...answer } as Answer) : undefined,
    )
    const many = Array.from({ length: 20 }, (_, i) => deployment(`web${i}`, 'a'))
    const { err, status, out } = await check(t, stand, all(...many), '--request-timeout', '1s')
    t.match(out, /^20 objects checked: /)
    const told = err
      .trimEnd()
      .split('\n')
      .filter(line => /could not be asked/.test(line))
    t.equal(told.length, 2, err)
    t.match(told[1], /and \d+ more: the API server failed before$/)
    t.equal(status, 2)
    t.ok(stand.sent.length < 20)
  })
}

t.test('where regcred says nothing at all, silence is no answer', async t => {
  const stand = await standIn(t, () => CREATED)
  const said = await check(t, stand, deployment('web', 'regcerd'))
  matches(t, 'silence', said.transcript)
  t.equal(said.status, 2)
})

t.test('where it does, nothing is unknown', async t => {
  const stand = await standIn(t, () => undefined)
  const { out, err, status } = await check(t, stand, deployment('web', 'regcred'))
  t.strictSame([out, err, status], ['1 object checked: 0 errors, 0 warnings, 0 notes\n', '', 0])
  const refusing = await standIn(t, sent => (isProbe(sent) ? refuse(sent) : undefined))
  t.equal((await check(t, refusing, deployment('web', 'regcred'))).status, 0, 'a refusal is an answer too')
})

function refuse({ name }: Sent): Answer {
  const said = `Deployment ${name}: image "Registry.invalid/NO" of container "web" is not a valid image name (x); write it`
  return { status: 403, reason: 'Forbidden', message: `admission webhook "regcred.dev" denied the request: ${said}` }
}

t.test('nor is its ServiceAccount, where the cluster was asked', async t => {
  const stand = await standIn(t, () => undefined)
  const config = `${stand.kubeconfig}-regcred.yaml`
  const head = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n'
  writeFileSync(config, `${head}registries: {private: [registry.example.com]}\n`)
  const bare = deployment('web', 'x').replace(/ {6}imagePullSecrets:\n.*\n/, '')
  const { err } = await check(t, stand, bare, '--config', config)
  t.notMatch(err, /cannot tell/)
  const silent = await standIn(t, () => CREATED)
  writeFileSync(config, `${head}registries: {private: [registry.example.com]}\n`)
  t.match(
    (await check(t, silent, bare, '--config', config)).err,
    /ServiceAccount team-a\/default is not among these files/,
  )
})

t.test('it does not go on for ever', async t => {
  let now = 0
  const asked: unknown[] = []
  const dryRuns = {
    namespace: 'team-a',
    create: async (one: unknown) => {
      asked.push(one)
      now += 200_000
      return { outcome: 'created', warnings: [] } as const
    },
    close: async () => undefined,
  }
  const questions = new ClusterQuestions(dryRuns, {
    templates: [],
    suffix: 'x',
    now: () => now,
    watch: () => undefined,
  })
  const pods = ['a', 'b', 'c'].map(name => ({
    ...{ file: 'a', apiVersion: 'v1', kind: 'Pod', object: { metadata: { name } } },
  }))
  for await (const _ of questions.watch(ReadableStream.from(pods))) await new Promise(setImmediate)
  await questions.settle()
  t.strictSame(
    [asked.length, questions.faults],
    [2, ['the cluster could not be asked about Pod c in namespace team-a: it took more than 5 minutes; check fewer']],
  )
})

t.test('what others warn of is told, so many and no more', async t => {
  const stand = await standIn(t, sent =>
    isProbe(sent) ? undefined : { warnings: Array.from({ length: 30 }, (_, i) => `would violate "${i}" \\o/ ü`) },
  )
  const { err, status } = await check(t, stand, deployment('web', 'regcred'))
  t.equal(err.match(/^regcred: the cluster warns about Deployment web: would violate "\d+" \\o\/ ü$/gm)?.length, 20)
  t.equal(status, 0)
})

t.test('Pods, other kinds by configuration, and what has no name or no namespace', async t => {
  const stand = await standIn(t, () => undefined)
  const config = `${stand.kubeconfig}-regcred.yaml`
  writeFileSync(
    config,
    `apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration
templates: [{group: argoproj.io, kind: Rollout, path: /spec/template}, {group: none.example, kind: Thing, path: /spec/template}]
`,
  )
  const spec = 'spec: {containers: [{name: web, image: ghcr.io/a/b}]}'
  const template = `spec: {template: {${spec}}}`
  const input = all(
    `apiVersion: v1\nkind: Pod\nmetadata: {generateName: web-}\n${spec}\n`,
    `apiVersion: v1\nkind: Pod\nmetadata: {name: owned, ownerReferences: [{kind: ReplicaSet, controller: true}]}\n${spec}\n`,
    `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: ro}\n${template}\n`,
    `apiVersion: none.example/v1\nkind: Thing\nmetadata: {name: none}\n${template}\n`,
    `apiVersion: apps/v1/../../x\nkind: Deployment\nmetadata: {name: path}\n${template}\n`,
    `apiVersion: v1\nkind: Pod\nmetadata: {name: bare, namespace: b}\nspec: {containers: []}\n`,
    `apiVersion: v1\nkind: PodTemplate\nmetadata: {name: odd, namespace: "A/B"}\ntemplate: {${spec}}\n`,
  )
  const { err } = await check(t, stand, input, '--config', config)
  t.strictSame(
    stand.sent
      .filter(sent => !isProbe(sent))
      .map(({ path, name }) => [path, name])
      .sort(),
    [
      ['/api/v1/namespaces/b/pods', 'bare'],
      ['/api/v1/namespaces/team-a/pods', 'web'],
      ['/apis/argoproj.io/v1alpha1/namespaces/team-a/rollouts', 'ro'],
    ],
  )
  t.match(err, 'about Thing none in namespace team-a: the cluster has no Thing of none.example/v1')
  t.notMatch(stand.asked.join(), '..')
})

t.test('JSON, of which no line is known, is asked about by name', async t => {
  const pod = (name: string) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { containers: [{ name: 'web', image: 'ghcr.io/a/b' }], imagePullSecrets: [{ name: 'x' }] },
  })
  const stand = await standIn(t, sent => (sent.name === 'b' ? { warnings: [missing('Pod b', 'x', 'xy')] } : undefined))
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod('a'), pod('b')] })
  const { objects } = JSON.parse((await check(t, stand, list, '-o', 'json')).out)
  t.strictSame(
    objects.map(({ findings }: { findings: unknown[] }) => findings.length),
    [0, 1],
  )
})

t.test('beside --cluster it says nothing twice', async t => {
  const stand = await standIn(
    t,
    sent => (isProbe(sent) ? undefined : { warnings: [missing(`Deployment ${sent.name}`, 'regcerd', 'x')] }),
    ({ path, method }) =>
      method === 'GET' && path.startsWith('/api/v1/namespaces') ? { status: 200, message: '' } : undefined,
  )
  t.match((await check(t, stand, deployment('web', 'regcerd'), '--cluster')).out, '0 errors, 1 warning')
})
