import type { ControlPlane } from '../control-plane/control-plane.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'
import { apply, dockerConfig, namespace } from '../control-plane/objects.ts'
import { LARGE_SECRETS, many } from './hostile.ts'

/** Two who have nothing to do with each other, and no rights but in a namespace of their own, in which wrong Pods are refused. */
export interface Tenants {
  readonly hostile: Tenant
  readonly other: Tenant
}

export interface Tenant {
  readonly namespace: string
  readonly kubeconfig: string
}

/** Makes both. An API server gives users their turns too, but for administrators, whom it lets do anything. */
export async function addTenants(controlPlane: ControlPlane, prefix = ''): Promise<Tenants> {
  const [hostile, other] = [
    await addTenant(controlPlane, `${prefix}hostile`),
    await addTenant(controlPlane, `${prefix}other`),
  ] as const
  await addLargeSecrets(controlPlane.kubectl, hostile.namespace)
  return { hostile, other }
}

async function addTenant(controlPlane: ControlPlane, name: string): Promise<Tenant> {
  const group = 'rbac.authorization.k8s.io'
  const binding = {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'edit', namespace: name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'edit' },
    subjects: [{ apiGroup: group, kind: 'User', name }],
  }
  const enforced = namespace(name, { labels: { 'regcred.dev/mode': 'enforce' } })
  outputOf(await apply(controlPlane.kubectl, enforced, binding))
  return { namespace: name, kubeconfig: await controlPlane.addUser(name) }
}

/** What hostile Pods name, of 500 kB each. */
async function addLargeSecrets(kubectl: Kubectl, where: string): Promise<void> {
  for (let i = 0; i < LARGE_SECRETS; i += 1) {
    const auths = Object.fromEntries(many(9000, entry => [`[${i}-${entry}.example.com`, {}]))
    // An annotation would hold it once more, and there is no room for that.
    const input = JSON.stringify(dockerConfig(where, `large-${i}`, { auths }))
    outputOf(await kubectl(['create', '-f', '-'], { input }))
  }
}
