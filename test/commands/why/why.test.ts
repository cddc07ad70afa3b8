import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { AskError } from '../../../src/ask/ask-error.ts'
import { whyCommand } from '../../../src/commands/why/why.ts'
import { type Stored, startCluster } from '../ask/stored-cluster.ts'

const HOST = 'registry.example.com'
const IMAGE = `${HOST}/acme/web:v1`
const DENIED =
  'failed to resolve reference: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials'
const PASSWORD = 'hunter2'

interface PodParts {
  readonly references?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly made?: string
  readonly state?: object
  readonly namespace?: string
  /** KIND/NAME of what made it. */
  readonly owner?: string
}

const WAITING = { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${IMAGE}": ${DENIED}` } }

function pod(
  name: string,
  { references = [], labels = {}, made = '', state = WAITING, namespace = 'team-a', owner }: PodParts = {},
): Stored {
  const [kind, of] = owner?.split('/') ?? []
  const ownerReferences = kind === undefined ? [] : [{ kind, name: of, uid: of, controller: true }]
  return {
    kind: 'Pod',
    metadata: { name, namespace, labels, uid: name, creationTimestamp: made, ownerReferences } as Stored['metadata'],
    spec: {
      serviceAccountName: 'default',
      containers: [{ name: 'web', image: IMAGE }],
      imagePullSecrets: references.map(one => ({ name: one })),
    },
    status: { containerStatuses: [{ name: 'web', image: IMAGE, state }] },
  }
}

function pullSecret(name: string, type = 'kubernetes.io/dockerconfigjson'): Stored {
  const config = JSON.stringify({ auths: { [HOST]: { username: 'jane', password: PASSWORD } } })
  const data = { '.dockerconfigjson': Buffer.from(config).toString('base64') }
  return { kind: 'Secret', metadata: { name, namespace: 'team-a' }, type, data }
}

function workload(kind: string, name: string, selector: object): Stored {
  return { kind, metadata: { name, namespace: 'team-a', uid: name } as Stored['metadata'], spec: { selector } }
}

/** What answers a path instead of the objects: a status and its reason. */
type Refused = (path: string) => readonly [status: number, reason: string] | undefined

interface Outcome {
  readonly out: string
  readonly status: unknown
  readonly asked: readonly string[]
}

async function why(t: Test, args: readonly string[], objects: readonly Stored[], refuses?: Refused): Promise<Outcome> {
  const { kubeconfig, asked } = await startCluster(t, objects, { refuses: ({ path }) => refuses?.(path) })
  const stdout = new PassThrough()
  process.exitCode = undefined
  const streams = { stdin: process.stdin, stdout, stderr: new PassThrough() }
  try {
    await whyCommand(streams).parseAsync([...args, `--kubeconfig=${kubeconfig}`], { from: 'user' })
    stdout.end()
    const out = await text(stdout)
    t.notMatch(out, PASSWORD)
    return { out, status: process.exitCode, asked }
  } finally {
    process.exitCode = undefined
  }
}

t.test('a misspelt pull secret, as a person sees it', async t => {
  const objects = [pod('private-reg', { references: ['regcerd'] }), pullSecret('regcred')]
  const { out, status, asked } = await why(t, ['private-reg'], objects)
  t.equal(
    out,
    `Pod team-a/private-reg waits: ImagePullBackOff
  container  web
  image      registry.example.com/acme/web:v1
  node said  401 Unauthorized, without a login

  ✗ imagePullSecrets[0]: Secret "regcerd" does not exist in namespace "team-a"
  ✓ Secret "regcred" is there, and is for this registry
  → Secret "regcerd" does not exist in namespace "team-a".
    Did you mean "regcred"? Write it in spec.imagePullSecrets, then:
      kubectl replace --force --namespace team-a -f FILE
`,
  )
  t.equal(status, 1)
  t.ok(asked.every(path => path.startsWith('/api/v1/namespaces/team-a/')))
})

t.test('of a Deployment the newest Pod that waits, and how many do', async t => {
  const labels = { app: 'web' }
  const nobodys = pod('nobodys', { labels, made: '2026-01-05T00:00:00Z' })
  const loose = {
    ...nobodys,
    metadata: { ...nobodys.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }] },
  }
  const objects = [
    workload('Deployment', 'web', { matchLabels: labels }),
    pod('web-1', { labels, made: '2026-01-01T00:00:00Z', references: ['hub'], owner: 'ReplicaSet/web-5d8f' }),
    pod('web-2', { labels, made: '2026-01-02T00:00:00Z', references: ['hub'], owner: 'ReplicaSet/web-5d8f' }),
    pod('web-3', { labels, made: '2026-01-03T00:00:00Z', state: { running: {} }, owner: 'ReplicaSet/web-5d8f' }),
    pod('stranger', { labels, made: '2026-01-05T00:00:00Z', owner: 'StatefulSet/web' }),
    loose,
    pullSecret('hub', 'Opaque'),
  ]
  for (const words of [['deployment/web'], ['deploy', 'web'], ['deployments.apps/web']]) {
    const { out, status } = await why(t, words, objects)
    t.match(out, /^Deployment web: 2 of its 3 Pods wait\nPod team-a\/web-2 waits: ImagePullBackOff\n/)
    t.match(out, '→ Secret "hub" has type Opaque, so Kubernetes does not use it.')
    t.match(out, /\n {6}kubectl create secret docker-registry hub .* \| kubectl replace --force -f -\n/)
    t.equal(status, 1)
  }
})

t.test('of a CronJob the Pods of the Job that it made last', async t => {
  const job = (name: string, made: string, owner = 'nightly') => ({
    ...workload('Job', name, { matchLabels: { job: name } }),
    metadata: {
      name,
      namespace: 'team-a',
      uid: name,
      creationTimestamp: made,
      ownerReferences: [{ uid: owner }],
    } as Stored['metadata'],
  })
  const objects = [
    workload('CronJob', 'nightly', {}),
    job('nightly-1', '2026-01-01T00:00:00Z'),
    job('nightly-2', '2026-01-02T00:00:00Z'),
    job('other', '2026-01-03T00:00:00Z', 'another'),
    pod('first', { labels: { job: 'nightly-1' }, owner: 'Job/nightly-1' }),
    pod('second', { labels: { job: 'nightly-2' }, owner: 'Job/nightly-2' }),
  ]
  t.match(
    (await why(t, ['cronjob/nightly'], objects)).out,
    /^CronJob nightly: 1 of its 1 Pod waits\nPod team-a\/second /,
  )
  const none = await why(t, ['cj/nightly'], [workload('CronJob', 'nightly', {})])
  t.equal(none.out, 'CronJob team-a/nightly has no Pods; what makes them says why: kubectl describe\n')
})

t.test('of the Pod of a CronJob that is named, as far as its Job may be read', async t => {
  const job = {
    ...workload('Job', 'nightly-1', {}),
    metadata: {
      ...{ name: 'nightly-1', namespace: 'team-a', uid: 'j' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', controller: true }],
    } as Stored['metadata'],
  }
  const objects = [pod('nightly-1-x', { references: ['acne'], owner: 'Job/nightly-1' }), pullSecret('acme'), job]
  const { out } = await why(t, ['nightly-1-x'], objects)
  t.match(out, /spec\.jobTemplate\.spec\.template\.spec\.imagePullSecrets\s+of\s+its\s+CronJob\s+"nightly"/)
  const refuses = (path: string) => (/jobs/.test(path) ? ([403, 'Forbidden'] as const) : undefined)
  t.match((await why(t, ['nightly-1-x'], objects, refuses)).out, /imagePullSecrets\s+of\s+its\s+Job\s+"nightly-1"/)
})

t.test('an image volume of which only an event tells is found, of a Pod and of a Deployment', async t => {
  const labels = { app: 'web' }
  const owner = 'ReplicaSet/web-5d8f'
  const plain = pod('web-1', { labels, owner, state: { waiting: { reason: 'ContainerCreating' } } })
  const volumes = [{ name: 'model', image: { reference: IMAGE } }]
  const stuck = {
    ...plain,
    spec: { containers: [{ name: 'web', image: 'nginx' }], volumes },
    status: { ...Object(plain['status']), phase: 'Pending' },
  }
  const event = {
    kind: 'Event',
    metadata: { name: 'e', namespace: 'team-a' },
    message: `Failed to pull image "${IMAGE}": ${DENIED}`,
  }
  const running = pod('web-0', { labels, owner, state: { running: {} } })
  const objects = [workload('Deployment', 'web', { matchLabels: labels }), stuck, running]
  const one = await why(t, ['web-1'], [...objects, event])
  t.match(one.out, /^Pod team-a\/web-1 waits: ContainerCreating\n {2}volume {5}model\n {2}image {6}registry/)
  t.equal(one.status, 1)
  const all = await why(t, ['deploy/web'], [...objects, event])
  t.match(all.out, /^Deployment web: 1 of its 2 Pods waits\nPod team-a\/web-1 waits: ContainerCreating\n/)
  const fine = await why(t, ['deploy/web'], objects)
  t.match(fine, { out: /none of its 2 Pods waits/, status: 0 })
})

t.test('where nothing waits it says so', async t => {
  const running = pod('web', { labels: { app: 'web' }, state: { running: {} }, owner: 'ReplicationController/web' })
  t.match(await why(t, ['web'], [running]), { out: 'Pod team-a/web does not wait for an image.\n', status: 0 })
  const set = workload('ReplicationController', 'web', { app: 'web' })
  t.match(await why(t, ['rc/web'], [set, running]), {
    out: 'ReplicationController team-a/web: its only Pod does not wait for an image.\n',
    status: 0,
  })
  const two = [
    set,
    running,
    pod('web-2', { labels: { app: 'web' }, state: { running: {} }, owner: 'ReplicationController/web' }),
  ]
  t.match((await why(t, ['rc/web'], two)).out, 'none of its 2 Pods waits for an image.')
})

t.test('for programs there is JSON, and times in it', async t => {
  const event = {
    kind: 'Event',
    metadata: { name: 'e', namespace: 'team-a' },
    message: `Failed to pull image "${IMAGE}": ${DENIED}`,
    lastTimestamp: '2026-01-01T00:00:00Z',
  }
  const { out } = await why(t, ['web', '-o', 'json'], [pod('web', { references: ['acme'] }), pullSecret('acme'), event])
  t.match(JSON.parse(out), {
    object: 'Pod/web',
    namespace: 'team-a',
    pod: 'web',
    pods: { all: 1, waiting: 1 },
    containers: [
      {
        container: 'web',
        image: IMAGE,
        error: { kind: 'unauthorized', said: '401 Unauthorized, without a login', at: '2026-01-01T00:00:00.000Z' },
        evidence: [{ isGood: true }],
        cause: /^Secret "acme" has a login/,
      },
    ],
  })
  const undated = await why(t, ['web', '-o', 'json'], [pod('web')])
  t.match(JSON.parse(undated.out), { containers: [{ error: { at: null } }] })
  const nothing = await why(
    t,
    ['deploy/web', '-o', 'json'],
    [workload('Deployment', 'web', { matchLabels: { a: 'b' } })],
  )
  t.match(JSON.parse(nothing.out), { pod: null, containers: [] })
})

t.test('how long it has waited, and when the node said so, in a word', async t => {
  const waited = pod('web')
  const status = waited['status'] as object
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
  const event = {
    kind: 'Event',
    metadata: { name: 'e', namespace: 'team-a' },
    message: `Failed to pull image "${IMAGE}": ${DENIED}`,
    lastTimestamp: ago(130),
  }
  const objects = [{ ...waited, status: { ...status, startTime: ago(3 * 86_400) } }, event]
  const { out } = await why(t, ['web'], objects)
  t.match(out, /waits for 3 days: ImagePullBackOff\n/)
  t.match(out, 'node said  401 Unauthorized, without a login (2 minutes ago)\n')
  const clock = [{ ...waited, status: { ...status, startTime: ago(-100) } }]
  t.match((await why(t, ['web'], clock)).out, 'waits for 0 seconds', 'with a clock that is ahead')
})

t.test('of a thousand Events half are read', async t => {
  const event = (i: number, message: string) => ({
    kind: 'Event',
    metadata: { name: `e${i}`, namespace: 'team-a' },
    message,
  })
  const events = Array.from({ length: 1000 }, (_, i) => event(i, 'Back-off pulling image'))
  const state = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } }
  const late = event(1001, `Failed to pull image "${IMAGE}": ${DENIED}`)
  t.match((await why(t, ['web'], [pod('web', { state }), ...events, late])).out, 'node said  Back-off pulling image\n')
  t.match((await why(t, ['web'], [pod('web', { state }), late, ...events])).out, 'node said  401 Unauthorized')
})

t.test('many containers are told of, and the rest is counted', async t => {
  const containers = Array.from({ length: 12 }, (_, i) => ({ name: `c${i}`, image: IMAGE }))
  const many = {
    ...pod('web'),
    spec: { containers },
    status: { containerStatuses: containers.map(one => ({ ...one, state: WAITING })) },
  }
  const { out } = await why(t, ['web'], [many])
  t.equal(out.match(/ container {2}c/g)?.length, 10)
  t.match(out, /\n\n2 more containers wait; -o json has them all\n$/)
  const eleven = {
    ...many,
    status: { containerStatuses: containers.slice(1).map(one => ({ ...one, state: WAITING })) },
  }
  t.match((await why(t, ['web'], [eleven])).out, /\n\n1 more container waits; -o json has them all\n$/)
})

t.test('where no command helps, none is typed', async t => {
  const state = { waiting: { reason: 'ErrImagePull', message: 'x509: certificate signed by unknown authority' } }
  const { out } = await why(t, ['web'], [pod('web', { state })])
  t.match(out, /\n {4}Give the authority that signed it to the container runtime of the node\.\n$/)
})

t.test('what may not be read is unknown, and no more is asked', async t => {
  const refuses = (path: string) =>
    /(secrets|events|serviceaccounts)/.test(path) ? ([403, 'Forbidden'] as const) : undefined
  const { out, status } = await why(t, ['web'], [pod('web', { references: ['acme'] })], refuses)
  t.match(out, 'you may not list\n    Secrets in namespace "team-a"')
  t.match(out, /\n {6}kubectl auth can-i list secrets --namespace team-a\n$/)
  t.equal(status, 1)
})

const failures = [
  { refusal: [403, 'Forbidden'], says: /^you may not get pods in namespace "team-a" \(403\)/ },
  { refusal: [401, 'Unauthorized'], says: /does not accept your credentials \(401\)/ },
  { refusal: [500, 'InternalError'], says: /has an error \(500, InternalError\); try again/ },
  { refusal: [404, 'Other'], says: /has no pods \(404\)/ },
] as const

for (const { refusal, says } of failures) {
  t.test(`an API server that answers ${refusal.join(' ')} is one sentence with what to do`, async t => {
    const asked = why(t, ['web'], [], () => refusal)
    await t.rejects(asked, { constructor: AskError, message: says })
  })
}

t.test('where secrets fail for another reason it is said', async t => {
  const refuses = (path: string) => (path.endsWith('/secrets') ? ([500, 'InternalError'] as const) : undefined)
  await t.rejects(why(t, ['web'], [pod('web')], refuses), { message: /500/ })
})

const mistakes = [
  { args: ['wbe'], says: 'Pod "wbe" does not exist in namespace "team-a"; did you mean "web"?' },
  {
    args: ['nothing-like-it'],
    says: 'Pod "nothing-like-it" does not exist in namespace "team-a"; see: kubectl get pods --namespace team-a',
  },
  {
    args: ['web', '-n', 'shop'],
    says: 'Pod "web" does not exist in namespace "shop"; see: kubectl get pods --namespace shop',
  },
  { args: ['web', '-n', 'No'], says: '"No" cannot be the name of a namespace' },
  { args: ['deploymnt/web'], says: '"deploymnt" is no kind that makes Pods; did you mean deployment?' },
  { args: ['configmap/web'], says: /^"configmap" is no kind that makes Pods; give one of pod, deployment, / },
  { args: ['/web'], says: /^"" is no kind/ },
  { args: ['pod/'], says: 'give a name behind "pod/", e.g. pod/web' },
  { args: ['pod', ''], says: 'give a name behind "pod/", e.g. pod/web' },
  { args: ['deployments.example.com/web'], says: /^"deployments.example.com" is no kind that makes Pods; give one of/ },
  { args: ['Web'], says: 'no object can have the name "Web"' },
  { args: ['pod', 'a', 'b'], says: 'give one object: regcred why pod a' },
] as const

for (const { args, says } of mistakes) {
  t.test(`regcred why ${args.join(' ')}: one sentence`, async t => {
    await t.rejects(why(t, args, [pod('web')]), { message: says })
  })
}

t.test('names cannot be compared where they may not be listed', async t => {
  const refuses = (path: string) => (path.endsWith('/pods') ? ([403, 'Forbidden'] as const) : undefined)
  await t.rejects(why(t, ['wbe'], [pod('web')], refuses), { message: /kubectl get pods --namespace team-a$/ })
})

t.test('a selector is asked for as it is written', async t => {
  const expressions = [
    { key: 'a', operator: 'In', values: ['1', '2'] },
    { key: 'b', operator: 'NotIn', values: ['3'] },
    { key: 'c', operator: 'Exists' },
    { key: 'd', operator: 'DoesNotExist' },
    {},
  ]
  const set = workload('StatefulSet', 'db', { matchLabels: { app: 'db' }, matchExpressions: expressions })
  const { out } = await why(
    t,
    ['sts/db'],
    [set, pod('db-0', { labels: { app: 'db', a: '1', b: '2', c: '' }, owner: 'StatefulSet/db' })],
  )
  t.match(out, /^StatefulSet db: 1 of its 1 Pod waits/)
})

t.test('without a kubeconfig it says where one is looked for', async t => {
  const command = whyCommand({ stdin: process.stdin, stdout: new PassThrough(), stderr: new PassThrough() })
  await t.rejects(command.parseAsync(['web', '--kubeconfig', '/nowhere'], { from: 'user' }), {
    message: /^The kubeconfig \/nowhere cannot be read/,
  })
})
