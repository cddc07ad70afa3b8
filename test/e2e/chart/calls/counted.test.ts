import t from 'tap'
import { poll } from '../../../processes/poll.ts'
import { waitForAccount } from '../../control-plane/accounts.ts'
import { outputOf } from '../../control-plane/kubectl.ts'
import { apply, deployment, IMAGE, namespace, pod, pullSecret, REGISTRY } from '../../control-plane/objects.ts'
import { withCluster } from '../../fixture.ts'
import { countOf, storedReferences } from '../../regcred/observe.ts'
import { startMutator } from '../../traffic/mutator.ts'
import { renderConditions } from './conditions.ts'

/** How often a real API server calls a real regcred for a Pod, by the chart's values. */
const { controlPlane, regcred } = await withCluster(t, { config: { registries: { private: [REGISTRY] } } })
const { kubectl } = controlPlane
const PUBLIC = 'registry.k8s.io/pause:3.10'
const CONFIG = `config=${JSON.stringify({ registries: { private: [REGISTRY] } })}`

/** Reviews of Pods so far, e.g. `{mutate: 1, validate: 1}`. */
const reviews = async () => {
  const of = (stage: string) => countOf(regcred, 'regcred_reviews_total', { stage, kind: 'Pod' })
  return { mutate: await of('mutate'), validate: await of('validate') }
}

/** The calls for Pods while something is done. */
async function callsFor(act: () => Promise<unknown>) {
  const before = await reviews()
  await act()
  const after = await reviews()
  return { mutate: after.mutate - before.mutate, validate: after.validate - before.validate }
}

const register = async (...sets: readonly string[]) =>
  regcred.register({ conditionsOf: await renderConditions(CONFIG, ...sets) })

let made = 0
/** A name that nothing has had. */
const fresh = () => `o-${made++}`
const createPod = async (tweak: Parameters<typeof pod>[2]) =>
  outputOf(await apply(kubectl, pod('team-a', fresh(), tweak)))

/** Makes a Deployment of three replicas, and waits for its Pods. */
async function createDeployment(image: string): Promise<void> {
  const name = fresh()
  outputOf(await apply(kubectl, deployment('team-a', name, { images: [image] }, 3)))
  await poll('its Pods are there', async () => {
    const { status } = JSON.parse(
      outputOf(await kubectl(['get', 'deployment', name, '--namespace=team-a', '--output=json'])),
    )
    return status.replicas === 3 && status.unavailableReplicas === 3 ? true : undefined
  })
  outputOf(await kubectl(['delete', 'deployment', name, '--namespace=team-a', '--wait=false']))
}

t.before(async () => {
  outputOf(await apply(kubectl, namespace('team-a'), pullSecret('team-a', 'acme', REGISTRY)))
  await waitForAccount(kubectl, 'team-a')
})

const cases: { name: string; act: () => Promise<unknown>; ordinary: object; skipping: object; sparing: object }[] = [
  {
    name: "a person's Pod with a public image",
    act: () => createPod({ images: [PUBLIC] }),
    ordinary: { mutate: 1, validate: 1 },
    skipping: { mutate: 0, validate: 0 },
    sparing: { mutate: 1, validate: 1 },
  },
  {
    name: "a person's Pod with a private image",
    act: () => createPod({ images: [PUBLIC, IMAGE] }),
    ordinary: { mutate: 1, validate: 1 },
    skipping: { mutate: 1, validate: 1 },
    sparing: { mutate: 1, validate: 1 },
  },
  {
    name: "a person's Pod that lists a pull secret",
    act: () => createPod({ images: [PUBLIC], references: ['acme'] }),
    ordinary: { mutate: 1, validate: 1 },
    skipping: { mutate: 1, validate: 1 },
    sparing: { mutate: 1, validate: 1 },
  },
  {
    name: 'a Deployment of three Pods with a public image',
    act: () => createDeployment(PUBLIC),
    ordinary: { mutate: 3, validate: 3 },
    skipping: { mutate: 0, validate: 0 },
    sparing: { mutate: 3, validate: 0 },
  },
  {
    name: 'a Deployment of three Pods with a private image',
    act: () => createDeployment(IMAGE),
    ordinary: { mutate: 3, validate: 3 },
    skipping: { mutate: 3, validate: 3 },
    sparing: { mutate: 3, validate: 0 },
  },
]

for (const [what, sets, key] of [
  ['without either value', [], 'ordinary'],
  ['with skipUnaffected', ['webhooks.skipUnaffected=true'], 'skipping'],
  ['with podsOfControllers: false', ['webhooks.validate.podsOfControllers=false'], 'sparing'],
] as const) {
  t.test(`calls for Pods ${what}`, async t => {
    await register(...sets)
    for (const { name, act, ...calls } of cases) t.strictSame(await callsFor(act), calls[key], name)
  })
}

t.test('with both a Pod of a controller costs one call at most, and one with public images none', async t => {
  await register('webhooks.skipUnaffected=true', 'webhooks.validate.podsOfControllers=false')
  t.strictSame(await callsFor(() => createDeployment(IMAGE)), { mutate: 3, validate: 0 })
  t.strictSame(await callsFor(() => createDeployment(PUBLIC)), { mutate: 0, validate: 0 })
})

t.test('a Pod that was skipped is looked at when it is given another image, or debugged', async t => {
  await register('webhooks.skipUnaffected=true')
  outputOf(await apply(kubectl, pod('team-a', 'changed', { images: [PUBLIC] })))
  const change = ['set', 'image', 'pod/changed', `c0=${IMAGE}`, '--namespace=team-a']
  const made = await kubectl(change)
  t.match(made.stderr, `no pull secret is listed, and "${IMAGE}" needs one`)
  const debug = ['debug', 'changed', `--image=${IMAGE}`, '--container=d', '--namespace=team-a', '--attach=false']
  t.strictSame(await callsFor(() => kubectl(debug)), { mutate: 0, validate: 1 })
})

t.test('a mutator behind regcred brings an image: the API server does not call again what it has skipped', async t => {
  const own = { name: 'late', image: IMAGE }
  const mutator = await startMutator(controlPlane, 'team-a', () => [
    { op: 'add', path: '/spec/containers/-', value: own },
  ])
  t.teardown(() => mutator.close())
  for (const [sets, references, said] of [
    [[], ['acme'], /^$/],
    // This is why it is a promise: validation sees it, and it is too late to add anything.
    [
      ['webhooks.skipUnaffected=true'],
      undefined,
      /Warning: Pod o-\d+: regcred could not add pull secret "acme" in time/,
    ],
  ] as const) {
    await register(...sets)
    const name = fresh()
    const applied = await apply(kubectl, pod('team-a', name, { images: [PUBLIC] }))
    t.equal(applied.code, 0)
    t.match(applied.stderr, said)
    t.strictSame(await storedReferences(kubectl, 'team-a', name), references)
  }
})
