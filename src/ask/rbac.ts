import { visibleJson } from '../runtime/visible.ts'
import type { Resource } from './resources.ts'

/**
 * The ClusterRole that a command needs which lists objects and Namespaces, and its binding, as YAML for `kubectl apply`: `list` on what
 * it lists, and nothing else. RBAC knows no types of Secrets, so it may list them all.
 *
 * @param role its name, and that of the group which it is bound to if no user is named
 * @param user as the API server knows it, e.g. `system:serviceaccount:ci:scanner`; undefined for a group
 */
export function writeRbac(role: string, kinds: readonly Resource[], user: string | undefined): string {
  const byGroup = Map.groupBy(kinds, ({ group }) => group)
  const rules = [...byGroup].map(([group, resources]) => {
    const names = [...resources.map(({ name }) => name), ...(group === '' ? ['namespaces'] : [])]
    return `- apiGroups: [${quote(group)}]\n  resources: [${names.join(', ')}]\n  verbs: [list]\n`
  })
  const [kind, name] = user === undefined ? ['Group', role] : ['User', user]
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${role}
rules:
${rules.join('')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${role}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${role}
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
