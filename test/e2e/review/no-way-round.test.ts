import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { waitForAccount } from '../control-plane/accounts.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  fileOf,
  IMAGE,
  type Manifest,
  namespace,
  pod,
  REGISTRY,
  workload,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'

// Ways by which a person could try to get a Pod that will not pull into a namespace that enforces.
const { controlPlane } = await withCluster(t, { config: { registries: { private: [REGISTRY] } } })
const { kubectl } = controlPlane
const GROUPS = ['system:masters']

t.before(async () => {
  outputOf(await apply(kubectl, namespace('guarded')))
  await waitForAccount(kubectl, 'guarded')
  outputOf(await apply(kubectl, workload('CronJob', 'guarded', 'nightly')))
  outputOf(await apply(kubectl, deployment('guarded', 'fine', { images: ['nginx'] })))
  outputOf(await kubectl(['label', 'namespace', 'guarded', 'regcred.dev/mode=enforce']))
})

const owner = { name: 'o', uid: '0e6ef9c4-0000-4000-8000-000000000000', controller: true }
const REPLICA_SET = { ...owner, apiVersion: 'apps/v1', kind: 'ReplicaSet' }
const POD = { ...owner, apiVersion: 'v1', kind: 'Pod' }
const ROLLOUT = { ...owner, apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' }
const TENANT = 'system:serviceaccount:guarded:ci'
const owned = (object: Manifest, ownerReference: object): Manifest => ({
  ...object,
  metadata: { ...object.metadata, ownerReferences: [ownerReference] },
})
const many = Array.from({ length: 101 }, (_, i) => `gone-${i}`)

const refused: { name: string; object: Manifest; as?: string }[] = [
  { name: 'a Pod with an owner that is made up', object: owned(pod('guarded', 'a'), REPLICA_SET) },
  { name: 'a Pod with an owner of another kind', object: owned(pod('guarded', 'b'), POD) },
  { name: 'a Deployment with an owner that is made up', object: owned(deployment('guarded', 'c'), ROLLOUT) },
  { name: 'a Job with a built-in owner', object: owned(workload('Job', 'guarded', 'd'), REPLICA_SET) },
  {
    name: "a Pod of a tenant's ServiceAccount with a built-in owner",
    object: owned(pod('guarded', 'e'), REPLICA_SET),
    as: TENANT,
  },
  {
    name: 'a Pod with the port at which a registry is anyway',
    object: pod('guarded', 'f', imageOf(`${REGISTRY}:443`)),
  },
  { name: 'the same with zeros', object: pod('guarded', 'g', imageOf(`${REGISTRY}:000443`)) },
  { name: 'the registry in capitals', object: pod('guarded', 'h', imageOf(REGISTRY.toUpperCase())) },
  { name: 'more references than are read', object: pod('guarded', 'i', { references: many }) },
  {
    name: 'a Pod that says that it is being deleted',
    object: pod('guarded', 'j', {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a.example/b'] },
    }),
  },
]

function imageOf(registry: string) {
  return { images: [`${registry}/acme/web:1`] }
}

for (const { name, object, as } of refused) {
  t.test(`${name} is refused`, async t => {
    const who = as === undefined ? {} : { as, groups: GROUPS }
    const { code, stderr } = await kubectl(['create', '-f', '-'], { input: fileOf(object), ...who })
    t.equal(code, 1)
    t.match(stderr, /admission webhook "(validate|templates)\.regcred\.dev" denied the request/)
  })
}

/** In a review each has six bytes, so that with the old object it is larger than 7 MiB. */
const PADDING = '<'.repeat(1_250_000)

/** A Deployment that is full of what nobody looks at. */
function padded(name: string, images: string[]): Manifest {
  const object = deployment('guarded', name, { images }, 0)
  const spec = object['spec'] as { template: { spec: { containers: object[] } } }
  for (const container of spec.template.spec.containers) Object.assign(container, { args: [PADDING] })
  return object
}

t.test(
  'a Deployment that is as large in a review as it can be is refused, when it is made and when it is changed',
  async t => {
    const refusal = /"templates\.regcred\.dev" denied the request/
    // kubectl would write it as Go does, and the API server take no request of that size.
    const path = '/apis/apps/v1/namespaces/guarded/deployments'
    const create = (object: Manifest) =>
      kubectl(['create', `--raw=${path}`, '-f', '-'], { input: JSON.stringify(object) })
    t.match(await create(padded('padded', [IMAGE])), { code: 1, stderr: refusal })
    t.match(await create(padded('padded', ['nginx'])), { code: 0 })
    const changed = await kubectl(['set', 'image', 'deployment/padded', `c0=${IMAGE}`, '--namespace=guarded'])
    t.match(changed, { code: 1, stderr: refusal })
    t.match(await kubectl(['scale', 'deployment/padded', '--replicas=1', '--namespace=guarded']), { code: 0 })
  },
)

t.test('kubectl create job --from=cronjob is refused, and so is another image of a Pod of a controller', async t => {
  const job = await kubectl(['create', 'job', 'now', '--from=cronjob/nightly', '--namespace=guarded'])
  t.match(job, { code: 1, stderr: /"templates\.regcred\.dev" denied the request: Job now: no pull secret is listed/ })
  const name = await poll('there is a Pod', async () => {
    const args = [
      'get',
      'pods',
      '--namespace=guarded',
      '--selector=app=web',
      '--output=jsonpath={.items[*].metadata.name}',
    ]
    return outputOf(await kubectl(args)) || undefined
  })
  const image = await kubectl(['set', 'image', `pod/${name}`, `c0=${REGISTRY}/acme/web:2`, '--namespace=guarded'])
  t.match(image, { code: 1, stderr: /"validate\.regcred\.dev" denied the request/ })
})

t.test("what is left open: an owner of a custom kind, made up by a tenant's ServiceAccount", async t => {
  const input = fileOf(owned(pod('guarded', 'open'), ROLLOUT))
  t.match(await kubectl(['create', '-f', '-'], { input, as: TENANT, groups: GROUPS }), { code: 0 })
})
