import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  fileOf,
  IMAGE,
  namespace,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
  serviceAccount,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf, ourAnnotations, storedReferences } from '../regcred/observe.ts'
import { startMutator } from '../traffic/mutator.ts'
import { startRecorder } from '../traffic/recorder.ts'

const RULED = 'ruled.example.com'
const ANNOTATED = 'annotated.example.com'
const { controlPlane, regcred } = await withCluster(t, {
  config: { inject: { secrets: ['acme'], rules: [{ images: [RULED], secrets: ['by-rule'] }] } },
})
const { kubectl } = controlPlane

t.before(async () => {
  const made = await apply(
    kubectl,
    namespace('team-a', { annotations: { 'regcred.dev/pull-secrets': 'by-namespace' } }),
    serviceAccount('team-a', 'builder', ['of-account']),
    pullSecret('team-a', 'acme', REGISTRY),
    pullSecret('team-a', 'by-rule', RULED),
    pullSecret('team-a', 'by-namespace', ANNOTATED),
    pullSecret('team-a', 'by-pod', 'pod.example.com'),
    pullSecret('team-a', 'found', 'found.example.com'),
    pullSecret('team-a', 'own', 'own.example.com'),
    pullSecret('team-a', 'of-account', 'account.example.com'),
  )
  t.equal(made.stderr, '', 'the pull secrets raise no warning')
})

const cases: { name: string; tweak: PodTweak; stored: string[] | undefined; injected?: string }[] = [
  { name: 'a Pod without references gets the configured one', tweak: {}, stored: ['acme'], injected: 'acme' },
  { name: 'a Pod with an image that needs none gets none', tweak: { images: ['nginx'] }, stored: undefined },
  {
    name: 'a Pod keeps what it has, first and in order',
    tweak: { references: ['own', 'found'] },
    stored: ['own', 'found', 'acme'],
    injected: 'acme',
  },
  {
    name: 'a Pod that has it already is left as it is',
    tweak: { references: ['own', 'acme', 'found'] },
    stored: ['own', 'acme', 'found'],
  },
  {
    name: 'what the ServiceAccount brings stays',
    tweak: { spec: { serviceAccountName: 'builder' } },
    stored: ['of-account', 'acme'],
    injected: 'acme',
  },
  { name: 'a rule brings its own', tweak: { images: [`${RULED}/a/b`] }, stored: ['by-rule'], injected: 'by-rule' },
  {
    name: 'the annotation of the namespace does',
    tweak: { images: [`${ANNOTATED}/a/b`] },
    stored: ['by-namespace'],
    injected: 'by-namespace',
  },
  {
    name: 'the annotation of the Pod does',
    tweak: { images: ['pod.example.com/a/b'], metadata: { annotations: { 'regcred.dev/pull-secrets': 'by-pod' } } },
    stored: ['by-pod'],
    injected: 'by-pod',
  },
  {
    name: 'a pull secret that nobody has written down is found',
    tweak: { images: ['found.example.com/a/b'] },
    stored: ['found'],
    injected: 'found',
  },
  {
    name: 'a Pod with several images gets one for each',
    tweak: { images: ['found.example.com/a/b', IMAGE, 'nginx', `${RULED}/a/b`] },
    stored: ['acme', 'by-rule', 'found'],
    injected: 'acme,by-rule,found',
  },
]

for (const [i, { name, tweak, stored, injected }] of cases.entries()) {
  t.test(name, async t => {
    const made = await apply(kubectl, pod('team-a', `case-${i}`, tweak))
    t.same(made, { code: 0, stdout: `pod/case-${i} created\n`, stderr: '' })
    t.same(await storedReferences(kubectl, 'team-a', `case-${i}`), stored)
    const filter = { verb: 'create', resource: 'pods', namespace: 'team-a', name: `case-${i}` }
    t.equal((await ourAnnotations(controlPlane, filter))['mutate.regcred.dev/injected'], injected)
  })
}

// Of a list to which something was added kubectl sends the order of its own part, and says "configured"; nothing changes.
const twice: { name: string; pod: string; references?: string[]; args?: string[]; says: string; stored: string[] }[] = [
  { name: 'a Pod without references', pod: 'twice-a', says: 'unchanged', stored: ['acme'] },
  {
    name: 'a Pod with references of its own',
    pod: 'twice-b',
    references: ['own'],
    says: 'configured',
    stored: ['own', 'acme'],
  },
  {
    name: 'a Pod applied by the server',
    pod: 'twice-c',
    references: ['own'],
    args: ['--server-side'],
    says: 'serverside-applied',
    stored: ['own', 'acme'],
  },
]

for (const { name, pod: podName, references, args = [], says, stored } of twice) {
  t.test(`${name} stays as it is when it is applied again`, async t => {
    const input = fileOf(pod('team-a', podName, references && { references }))
    const again = () => kubectl(['apply', ...args, '-f', '-'], { input })
    const version = ['get', 'pod', podName, '--namespace=team-a', '--output=jsonpath={.metadata.resourceVersion}']
    outputOf(await again())
    const injections = await countOf(regcred, 'regcred_injections_total')
    const before = outputOf(await kubectl(version))
    t.same(await again(), { code: 0, stdout: `pod/${podName} ${says}\n`, stderr: '' })
    t.equal(outputOf(await kubectl(version)), before)
    t.same(await storedReferences(kubectl, 'team-a', podName), stored)
    t.equal(await countOf(regcred, 'regcred_injections_total'), injections)
  })
}

t.test('the Pods of a Deployment are injected, and the Deployment itself is not', async t => {
  t.same(await apply(kubectl, deployment('team-a', 'web', { references: ['own'] }, 2)), {
    code: 0,
    stdout: 'deployment.apps/web created\n',
    stderr: '',
  })
  const list = (kind: string, path: string) =>
    kubectl(['get', kind, '--namespace=team-a', '--selector=app=web', `--output=jsonpath=${path}`]).then(outputOf)
  const names = '{range .items[*]}{.spec.imagePullSecrets[*].name}{"\\n"}{end}'
  const pods = await poll('there are two Pods', async () => {
    const lines = (await list('pods', names)).split('\n').slice(0, -1)
    return lines.length === 2 ? lines : undefined
  })
  t.same(pods, ['own acme', 'own acme'])
  const template = '{.spec.template.spec.imagePullSecrets[*].name}'
  t.equal(
    outputOf(await kubectl(['get', 'deployment', 'web', '--namespace=team-a', `--output=jsonpath=${template}`])),
    'own',
  )
})

t.test('called again after another mutator', async t => {
  const recorder = await startRecorder(regcred)
  t.teardown(() => recorder.close())
  await regcred.register(recorder)
  const sidecar = { name: 'sidecar', image: `${RULED}/a/sidecar` }
  const mutator = await startMutator(controlPlane, 'team-a', ({ spec }) =>
    spec.containers.some(({ name }) => name === 'c1')
      ? [{ op: 'add', path: '/spec/containers/-', value: sidecar }]
      : [],
  )
  t.teardown(() => mutator.close())
  const patchesOf = (name: string) =>
    recorder.calls
      .filter(call => call.stage === 'mutate' && call.review.request.name === name)
      .map(call => call.response.patch)

  outputOf(await apply(kubectl, pod('team-a', 'again', { references: ['own'] })))
  t.same(await storedReferences(kubectl, 'team-a', 'again'), ['own', 'acme'], 'nothing is added twice')
  const added = { op: 'add', path: '/spec/imagePullSecrets/1', value: { name: 'acme' } }
  t.same(patchesOf('again'), [[added], undefined])

  outputOf(await apply(kubectl, pod('team-a', 'with-sidecar', { images: [IMAGE, 'nginx'], references: ['own'] })))
  const stored = await storedReferences(kubectl, 'team-a', 'with-sidecar')
  t.same(stored, ['own', 'acme', 'by-rule'], 'an image that came in between gets its own')
  t.equal(patchesOf('with-sidecar').length, 2)
})
