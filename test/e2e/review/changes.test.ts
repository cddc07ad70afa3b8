import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { created, listOfPod, recreated } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  IMAGE,
  type Manifest,
  namespace,
  opaqueSecret,
  pod,
  pullSecret,
  REGISTRY,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf, storedReferences } from '../regcred/observe.ts'
import { reach } from '../traffic/reach.ts'
import { startRecorder } from '../traffic/recorder.ts'

const PRIVATE = 'private.example.com'
const RULED = 'ruled.example.com'
const { controlPlane, regcred } = await withCluster(t, {
  config: { registries: { private: [PRIVATE] }, inject: { rules: [{ images: [RULED], secrets: ['late'] }] } },
})
const { kubectl } = controlPlane
const recorder = await startRecorder(regcred)
const product = reach(regcred)
t.teardown(() => Promise.all([recorder.close(), product.close()]))

t.before(async () => {
  const strict = namespace('strict', { labels: { 'regcred.dev/mode': 'enforce' } })
  outputOf(
    await apply(kubectl, namespace('team-a'), namespace('team-b'), strict, pullSecret('team-b', 'acme', REGISTRY)),
  )
})

const warningOf = (name: string, text: string) => `Warning: Pod ${name}: ${text}\n`
const missing = `Secret "acme" does not exist in namespace "team-a"; ${created('acme', 'team-a')}`

/** What is done to a Secret in the course of time, and what of it the next two Pods see: one names it, one does not. */
const steps: { name: string; secret?: Manifest; warning?: string; injected?: string[] }[] = [
  { name: 'not there yet', warning: missing },
  { name: 'made', secret: pullSecret('team-a', 'acme', REGISTRY), injected: ['acme'] },
  {
    name: 'changed to another registry',
    secret: pullSecret('team-a', 'acme', 'another.example.com'),
    warning: `none of its pull secrets has credentials for "${IMAGE}" ("acme" is for another.example.com); add one that has them to ${listOfPod('team-a')}`,
  },
  { name: 'changed back', secret: pullSecret('team-a', 'acme', REGISTRY), injected: ['acme'] },
  {
    name: 'made again with another type',
    secret: opaqueSecret('team-a', 'acme'),
    warning: `Secret "acme" has type Opaque, so Kubernetes does not use it; ${recreated('acme', 'team-a')}`,
  },
  { name: 'deleted', warning: missing },
]

for (const [i, { name, secret, warning, injected }] of steps.entries()) {
  t.test(`the next Pods see that a Secret was ${name}`, async t => {
    const [named, bare] = [`named-${i}`, `bare-${i}`]
    if (secret === undefined) await kubectl(['delete', 'secret', 'acme', '--namespace=team-a', '--ignore-not-found'])
    else outputOf(await kubectl(['apply', '--force', '-f', '-'], { input: JSON.stringify(secret) }))
    t.same(await apply(kubectl, pod('team-a', named, { references: ['acme'] }), pod('team-a', bare)), {
      code: 0,
      stdout: `pod/${named} created\npod/${bare} created\n`,
      stderr: warning === undefined ? '' : warningOf(named, warning),
    })
    t.same(await storedReferences(kubectl, 'team-a', named), ['acme'])
    t.same(await storedReferences(kubectl, 'team-a', bare), injected)
  })
}

const appended = (at: number, name: string) =>
  at === 0
    ? { op: 'add', path: '/spec/imagePullSecrets', value: [{ name }] }
    : { op: 'add', path: `/spec/imagePullSecrets/${at}`, value: { name } }

/** Pods, what is said of each while the API server is there, and how its reviews are answered while it is not. */
const reviewed: {
  name: string
  pod: Manifest
  says?: string
  mutate: Readonly<Record<string, unknown>>
  validate?: Readonly<Record<string, unknown>>
}[] = [
  {
    name: 'a Pod gets the pull secret that the view holds',
    pod: pod('team-b', 'found'),
    mutate: { patch: [appended(0, 'acme')], auditAnnotations: { injected: 'acme' } },
  },
  {
    name: 'a name that the view does not hold is unknown',
    pod: pod('team-b', 'misspelt', { references: ['amce'] }),
    says: warningOf(
      'misspelt',
      `Secret "amce" does not exist in namespace "team-b"; did you mean "acme"? Write it in ${listOfPod('team-b')}`,
    ),
    mutate: { patch: [appended(1, 'acme')], auditAnnotations: { injected: 'acme', unknown: 'secret/amce' } },
    validate: { auditAnnotations: { unknown: 'secret/amce' } },
  },
  {
    name: 'a name that is written down is still referenced',
    pod: pod('team-b', 'ruled', { images: [`${RULED}/acme/web:1`] }),
    mutate: { patch: [appended(0, 'late')], auditAnnotations: { injected: 'late', unknown: 'secrets,secret' } },
    validate: { auditAnnotations: { unknown: 'secret/late' } },
  },
  {
    name: 'what would be refused is let through',
    pod: pod('strict', 'refused', { images: [`${PRIVATE}/acme/web:1`], references: ['gone'] }),
    says:
      'Error from server (Forbidden): error when creating "STDIN": admission webhook "validate.regcred.dev" denied the ' +
      `request: Pod refused: Secret "gone" does not exist in namespace "strict"; ${created('gone', 'strict')} ` +
      '(to let it through: kubectl label --overwrite namespace strict regcred.dev/mode=warn)\n',
    mutate: { auditAnnotations: { unknown: 'secrets,secret/gone' } },
    validate: { auditAnnotations: { unknown: 'secret/gone', unconfirmed: 'unread' } },
  },
]

t.test('while the API server is away', async t => {
  await regcred.register(recorder)
  for (const { pod, says = '' } of reviewed) t.equal((await apply(kubectl, pod)).stderr, says)
  const capture = ({ metadata }: Manifest, stage: 'mutate' | 'validate') => {
    const call = recorder.calls.find(call => call.stage === stage && call.review.request.name === metadata['name'])
    if (call === undefined) throw new Error(`the ${stage} review of ${metadata['name']} was not captured`)
    return call.review
  }
  const answeredUnknowing = () => countOf(regcred, 'regcred_unknown_total')
  const before = await answeredUnknowing()
  await controlPlane.stopApiServer()

  for (const { name, pod, mutate, validate = {} } of reviewed) {
    t.test(name, async t => {
      for (const [stage, answer] of Object.entries({ mutate, validate } as const)) {
        const review = capture(pod, stage === 'mutate' ? stage : 'validate')
        const { response } = await product.post(`/${stage}?timeout=10s`, JSON.stringify(review))
        t.same(response, { uid: review.request.uid, allowed: true, ...answer }, stage)
      }
    })
  }

  t.test('nothing is added in a namespace that the view does not hold', async t => {
    const review = JSON.stringify(capture(pod('team-b', 'ruled'), 'mutate')).replaceAll('"team-b"', '"unseen"')
    const { response } = await product.post('/mutate?timeout=10s', review)
    const { uid } = JSON.parse(review).request
    const auditAnnotations = { skipped: 'unknown', unknown: 'namespace,serviceaccount' }
    t.same(response, { uid, allowed: true, auditAnnotations })
  })

  t.test('it stays ready, and counts the reviews for which something was unknown', async t => {
    t.equal(await product.get('/readyz'), 'ok\n')
    t.equal((await answeredUnknowing()) - before, 7)
  })
})

t.test('once the API server is back', async t => {
  const held = () => countOf(regcred, 'regcred_view_objects', { resource: 'secrets.dockerconfigjson' })
  const before = await held()
  await controlPlane.startApiServer()

  t.test('what is said is right at once', async t => {
    const told = await apply(kubectl, pod('team-b', 'misspelt-again', { references: ['amce'] }))
    const warning = `Secret "amce" does not exist in namespace "team-b"; did you mean "acme"? Write it in ${listOfPod('team-b')}`
    t.same(told, { code: 0, stdout: 'pod/misspelt-again created\n', stderr: warningOf('misspelt-again', warning) })
    const silent = await apply(
      kubectl,
      pullSecret('team-b', 'new', RULED),
      pod('team-b', 'new', { references: ['new'] }),
    )
    t.same(silent, { code: 0, stdout: 'secret/new created\npod/new created\n', stderr: '' })
  })

  t.test('the view catches up, and what is added is right again', async t => {
    await poll('the view holds the new Secret', async () => ((await held()) === before + 1 ? true : undefined))
    outputOf(await kubectl(['delete', 'secret', 'acme', '--namespace=team-b']))
    await poll('the view has lost the old Secret', async () => ((await held()) === before ? true : undefined))
    outputOf(await apply(kubectl, pod('team-b', 'bare')))
    t.equal(await storedReferences(kubectl, 'team-b', 'bare'), undefined)
  })

  t.test('it was the same process all along', async t => {
    const starts = (await regcred.logs()).filter(({ msg }) => msg === 'serving')
    t.equal(starts.length, 1)
    t.equal(await regcred.stop(), 0)
  })
})
