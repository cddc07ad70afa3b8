import { get } from '../kube/untyped.ts'
import { registryOf } from '../kubelet/registry-name.ts'
import { hasAny, membersOf, type Statement } from './statement.ts'

/** What of an entry the kubelet uses. */
const ENTRY = ['auth', 'username']

/** What the kubelet's own docker config says (`/var/lib/kubelet/config.json`): it tries these for every Pod. */
export function readDockerConfig(file: string, value: unknown): readonly Statement[] {
  return membersOf(get(value, 'auths')).flatMap(([key, entry]): Statement[] => {
    if (!hasAny(entry, ENTRY)) return []
    const registry = registryOf(key)
    if (registry !== undefined) return [{ says: 'login', by: 'kubelet', file, registry }]
    return [{ says: 'remark', file, message: 'one of its keys names no registry' }]
  })
}
