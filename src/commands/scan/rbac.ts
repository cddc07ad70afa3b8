import { RESOURCES, WORKLOADS } from '../../ask/resources.ts'
import { visibleJson } from '../../runtime/visible.ts'

/** The name of the role, and of the group that it is bound to if no user is named. */
const NAME = 'regcred-scan'

/**
 * The ClusterRole that a scan of all namespaces needs, and its binding, as YAML for `kubectl apply`: `list` on what it lists, and
 * nothing else. RBAC knows no types of Secrets, so it may list them all.
 *
 * @param user as the API server knows it, e.g. `system:serviceaccount:ci:scanner`; undefined for a group
 */
export function writeRbac(user: string | undefined): string {
  const kinds = [...WORKLOADS, RESOURCES.Pod, RESOURCES.ServiceAccount, RESOURCES.Secret]
  const byGroup = Map.groupBy(kinds, ({ group }) => group)
  const rules = [...byGroup].map(([group, resources]) => {
    const names = [...resources.map(({ name }) => name), ...(group === '' ? ['namespaces'] : [])]
    return `- apiGroups: [${quote(group)}]\n  resources: [${names.join(', ')}]\n  verbs: [list]\n`
  })
  const [kind, name] = user === undefined ? ['Group', NAME] : ['User', user]
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${NAME}
rules:
${rules.join('')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${NAME}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${NAME}
subjects:
- apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: ${quote(name)}
`
}

/** JSON is YAML too, and holds any name as it is. */
function quote(text: string): string {
  return visibleJson(text)
}
