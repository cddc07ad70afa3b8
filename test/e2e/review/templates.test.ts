import { fileURLToPath } from 'node:url'
import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { created } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  type Manifest,
  namespace,
  type PodTweak,
  pod,
  pullSecret,
  serviceAccount,
  WORKLOAD_KINDS,
  type WorkloadKind,
  workload,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf, ours, storedReferences } from '../regcred/observe.ts'
import { startRecorder } from '../traffic/recorder.ts'

const PRIVATE = 'private.example.com'
const IMAGE = `${PRIVATE}/acme/web:1`
const ROLLOUTS = fileURLToPath(new URL('rollouts.yaml', import.meta.url))
const { controlPlane, regcred } = await withCluster(t, {
  config: {
    registries: { private: [PRIVATE] },
    templates: [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }],
  },
  registration: false,
})
const { kubectl } = controlPlane
const recorder = await startRecorder(regcred)
t.teardown(() => recorder.close())

t.before(async () => {
  await regcred.register({ ...recorder, templates: [{ group: 'argoproj.io', resource: 'rollouts' }] })
  outputOf(await apply(kubectl, namespace('kinds'), namespace('rollouts')))
  const silent = namespace('accounts', { labels: { 'regcred.dev/inject': 'disabled' } })
  const accounts = [serviceAccount('accounts', 'builder', ['acme']), serviceAccount('accounts', 'stale', ['gone'])]
  const secrets = [pullSecret('accounts', 'acme', PRIVATE), pullSecret('accounts', 'own', 'own.example.com')]
  outputOf(await apply(kubectl, silent, ...accounts, ...secrets))
})

/** What regcred was asked in a namespace, e.g. `CREATE Pod`. */
function callsIn(namespace: string) {
  return recorder.calls
    .filter(({ stage, review }) => stage === 'validate' && review.request.namespace === namespace)
    .map(call => ({ ...call, what: `${call.review.request.operation} ${call.review.request.kind.kind}` }))
}

const notFound = (title: string, namespace: string) =>
  `Warning: ${title}: Secret "gone" does not exist in namespace "${namespace}"; ${created('gone', namespace)}\n`

const PRINTED: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'deployment.apps',
  StatefulSet: 'statefulset.apps',
  DaemonSet: 'daemonset.apps',
  ReplicaSet: 'replicaset.apps',
  ReplicationController: 'replicationcontroller',
  Job: 'job.batch',
  CronJob: 'cronjob.batch',
  PodTemplate: 'podtemplate',
}

t.test('each kind warns once', async t => {
  for (const kind of WORKLOAD_KINDS) {
    t.test(kind, async t => {
      const name = kind.toLowerCase()
      const manifest = workload(kind, 'kinds', name, { references: ['gone'] })
      const made = await apply(kubectl, manifest)
      const stderr = notFound(`${kind} ${name}`, 'kinds')
      t.same(made, { code: 0, stdout: `${PRINTED[kind]}/${name} created\n`, stderr })
      const labelled = { ...manifest, metadata: { ...manifest.metadata, labels: { a: 'b' } } }
      const again = await apply(kubectl, labelled)
      t.same(
        again,
        { code: 0, stdout: `${PRINTED[kind]}/${name} configured\n`, stderr: '' },
        'and not when it is labelled',
      )
    })
  }
})

t.test('and what their controllers make is only recorded, but for what a person has them make', async t => {
  const byHand = ['create', 'job', 'by-hand', '--from=cronjob/cronjob', '--namespace=kinds']
  t.same(await kubectl(byHand), {
    code: 0,
    stdout: 'job.batch/by-hand created\n',
    stderr: notFound('Job by-hand', 'kinds'),
  })
  const pods = await poll('every controller has made its Pod', () => {
    const calls = callsIn('kinds').filter(({ what }) => what === 'CREATE Pod')
    return calls.length >= 6 ? calls : undefined
  })
  const owners = ['by-hand', 'deployment', 'job', 'replicaset', 'replicationcontroller', 'statefulset']
  const made = pods.map(({ review }) => review.request.name ?? review.request.object?.metadata.name)
  t.same(made.map(name => name?.replace(/-([a-z0-9]{8,10}-)?[a-z0-9]{5}$|-0$/, '')).sort(), owners)
  for (const { response } of pods) {
    const auditAnnotations = {
      findings: 'SecretNotFound mayBlock secret=gone; ImageNotCovered mayBlock container=c0',
      mode: 'warn',
    }
    t.same({ ...response, uid: '' }, { uid: '', allowed: true, auditAnnotations })
  }
  const templates = callsIn('kinds').filter(({ what }) => what !== 'CREATE Pod')
  t.same(
    templates.map(({ what }) => what),
    [...WORKLOAD_KINDS, 'Job'].map(kind => `CREATE ${kind}`),
  )
  const filter = { verb: 'create', resource: 'pods', namespace: 'kinds' }
  const audited = (await controlPlane.auditEvents(filter, 6)).map(ours)
  t.same(new Set(audited.map(event => event['validate.regcred.dev/mode'])), new Set(['warn']))
  t.equal(await countOf(regcred, 'regcred_findings_total', { code: 'SecretNotFound' }), 15)
})

t.test('a kind of another group, by configuration', async t => {
  outputOf(await kubectl(['apply', '-f', ROLLOUTS]))
  outputOf(await kubectl(['wait', '--for=condition=established', 'crd/rollouts.argoproj.io']))
  const rollout = (references: string[]): Manifest => {
    const { spec } = workload('Deployment', 'rollouts', 'web', { references })
    const head = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'web', namespace: 'rollouts' },
    }
    return { ...head, spec: { strategy: { canary: {} }, ...(spec as object) } }
  }
  const stderr = notFound('Rollout web', 'rollouts')
  t.same(await apply(kubectl, rollout(['gone'])), { code: 0, stdout: 'rollout.argoproj.io/web created\n', stderr })
  const here = '--namespace=rollouts'
  const silent: { args: string[]; says: string }[] = [
    { args: ['label', 'rollout', 'web', 'a=b', here], says: 'labeled' },
    { args: ['scale', 'rollout', 'web', '--replicas=3', here], says: 'scaled' },
    { args: ['patch', 'rollout', 'web', '--type=merge', '--patch={"spec":{"paused":true}}', here], says: 'patched' },
  ]
  for (const { args, says } of silent) {
    t.same(await kubectl(args), { code: 0, stdout: `rollout.argoproj.io/web ${says}\n`, stderr: '' })
  }
  const changed = await apply(kubectl, rollout(['gone', 'lost']))
  t.same(changed, {
    code: 0,
    stdout: 'rollout.argoproj.io/web configured\n',
    stderr: stderr.replace(';', ' (also missing: "lost");'),
  })
  t.same(
    callsIn('rollouts').map(({ what }) => what),
    ['CREATE Rollout', 'UPDATE Rollout'],
  )
  t.equal((await kubectl(['delete', 'rollout', 'web', here])).stderr, '')
  t.equal(callsIn('rollouts').length, 2)
})

const accounts: { name: string; tweak: PodTweak; warning?: string }[] = [
  { name: 'has those of its ServiceAccount', tweak: { spec: { serviceAccountName: 'builder' } } },
  { name: 'also by the old name of that field', tweak: { spec: { serviceAccount: 'builder' } } },
  {
    name: 'has none of theirs beside its own',
    tweak: { references: ['own'], spec: { serviceAccountName: 'builder' } },
    warning:
      `"acme" of its ServiceAccount would work for "${IMAGE}", ` +
      'but a Pod with its own imagePullSecrets ignores it; add "acme" to spec.jobTemplate.spec.template.spec.imagePullSecrets',
  },
  {
    name: 'is warned of a missing one once, though that leaves its image uncovered',
    tweak: { spec: { serviceAccountName: 'stale' } },
    warning: `Secret "gone" does not exist in namespace "accounts"; ${created('gone', 'accounts')}`,
  },
]

for (const [i, { name, tweak, warning }] of accounts.entries()) {
  t.test(`a template without references of its own ${name}`, async t => {
    const made = await apply(kubectl, workload('CronJob', 'accounts', `case-${i}`, { images: [IMAGE], ...tweak }))
    const stderr = warning === undefined ? '' : `Warning: CronJob case-${i}: ${warning}\n`
    t.same(made, { code: 0, stdout: `cronjob.batch/case-${i} created\n`, stderr })
  })
}

t.test('init containers and image volumes count as images', async t => {
  const init = [{ name: 'init', image: 'Not/AnImage' }]
  const volumes = [{ name: 'model', image: { reference: 'Nor/This' } }]
  const spec = { initContainers: init, volumes }
  const invalid = (image: string, where: string) =>
    `Warning: CronJob images: image "${image}" of container "${where}" is not a valid image name (invalid reference format: repository name must be lowercase); write "${image.toLowerCase().replace('n', 'N')}"\n`
  const { stderr } = await apply(kubectl, workload('CronJob', 'accounts', 'images', { images: ['nginx'], spec }))
  t.equal(stderr, invalid('Not/AnImage', 'init') + invalid('Nor/This', 'model'))

  outputOf(await apply(kubectl, namespace('matched'), pullSecret('matched', 'acme', PRIVATE)))
  const parts = {
    init: { initContainers: [{ name: 'init', image: IMAGE }] },
    volume: { volumes: [{ name: 'model', image: { reference: IMAGE } }] },
  }
  for (const [name, spec] of Object.entries(parts)) {
    t.equal((await apply(kubectl, pod('matched', name, { images: ['nginx'], spec }))).stderr, '')
    t.same(await storedReferences(kubectl, 'matched', name), ['acme'], name)
  }
})
