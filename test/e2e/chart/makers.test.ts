import t from 'tap'
import { makerCases, SETTINGS } from '../../review/maker-cases.ts'
import { openAgent } from '../control-plane/agent.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, type Manifest, workload } from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { registerNobody, tryObject } from './calls/called.ts'
import { renderConditions } from './calls/conditions.ts'

/**
 * The chart's matchConditions on a real kube-apiserver, against the table that the code is tested with. Nobody listens where
 * the webhook is registered, so what it is called for fails.
 */
const controlPlane = await withControlPlane(t)
const { kubectl } = controlPlane
const dispatcher = await openAgent(controlPlane.kubeconfig)
t.teardown(() => dispatcher.close())

const WEBHOOK = 'templates.regcred.dev'

t.before(async () => {
  const everybody = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:authenticated' }
  const role = { kind: 'ClusterRole', apiGroup: 'rbac.authorization.k8s.io', name: 'cluster-admin' }
  const metadata = { name: 'everybody' }
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const binding = { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef: role, subjects: [everybody] }
  outputOf(await apply(kubectl, binding as Manifest))
})

async function register(controllers: object): Promise<void> {
  const conditions = (await renderConditions(`config=${JSON.stringify({ controllers })}`)).get(WEBHOOK) ?? []
  t.ok(conditions.length >= 3)
  await registerNobody(kubectl, WEBHOOK, conditions)
}

interface Asker {
  readonly username: string
  readonly groups?: readonly string[]
}

/** Makes a ReplicaSet in a dry run as somebody, and tells whether the webhook is called for it. */
async function isCalled(ownerReferences: readonly object[], { username, groups = [] }: Asker): Promise<boolean> {
  const { metadata, ...object } = workload('ReplicaSet', 'default', 'web')
  const { called } = await tryObject(
    { server: controlPlane.server, dispatcher, webhook: WEBHOOK },
    '/apis/apps/v1/namespaces/default/replicasets',
    { ...object, metadata: { ...metadata, ownerReferences } },
    // Without groups of his own he still is somebody.
    { 'impersonate-user': username, 'impersonate-group': [...groups, 'system:authenticated'] },
  )
  return called
}

const withUid = (owners: readonly object[]) =>
  owners.map((owner, i) => ({ name: 'o', uid: `00000000-0000-4000-8000-00000000000${i}`, ...owner }))

for (const [name, settings] of Object.entries(SETTINGS)) {
  t.test(`the API server sends what a person makes, and no other, as the code would have it: ${name}`, async t => {
    await register(settings)
    const cases = makerCases(settings)
    t.ok(cases.length >= 30)
    const told: { name: string; maker: string }[] = []
    for (const { name, owners, requester } of cases) {
      const called = await isCalled(withUid(owners), requester)
      told.push({ name, maker: called ? 'person' : 'controller' })
    }
    t.strictSame(
      told,
      cases.map(({ name, maker }) => ({ name, maker })),
    )
  })
}

t.test('as many owners as a request can hold do not keep the API server from asking about a person', async t => {
  await register(SETTINGS['the defaults'] ?? {})
  const owners = Array.from({ length: 18_000 }, (_, i) => ({
    apiVersion: 'a.example/v1',
    kind: 'A',
    name: 'o',
    uid: `${i}`,
    ...(i === 0 && { controller: true }),
  }))
  t.equal(await isCalled(owners, { username: 'jane' }), true)
})
