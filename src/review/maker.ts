import { compileStars } from '../kubelet/go/glob.ts'
import type { Settings } from '../policy/settings.ts'
import { memoizeWeak } from '../runtime/memoize.ts'
import type { MetadataFields } from './schema.ts'

/** Whom an object names as its controller, in an ownerReference with `controller: true`. */
export type Owner =
  | 'none'
  /** A kind that kube-controller-manager acts for: of the groups `apps` and `batch`, or a ReplicationController. */
  | 'builtIn'
  /** Any other: a custom kind, a Pod, a Node. */
  | 'other'

/** Who asked, as the API server says it. */
export interface Requester {
  readonly username: string | undefined
  readonly groups: readonly string[]
}

/** Who wrote an object. Persons are told what is wrong and may be refused; appliers, such as Helm or Argo CD, count as persons. */
export type Maker = 'person' | 'controller'

const GROUP = 'group:'
/** The requesters behind built-in owners. Those of OpenShift have a namespace of their own. */
const BUILT_IN_USERS = [
  'system:kube-controller-manager',
  'system:serviceaccount:kube-system:*',
  'system:serviceaccount:openshift-infra:*',
].map(compileStars)
const SERVICE_ACCOUNT = 'system:serviceaccount:'
const NODE = 'system:node:'

/**
 * Prepares the answer to whose an object is. An ownerReference alone says nothing: anybody may write one.
 *
 * | its controller owner    | asked by a built-in or listed requester | by a node  | by another ServiceAccount            | by a user |
 * | ----------------------- | --------------------------------------- | ---------- | ------------------------------------ | --------- |
 * | none                    | person                                  | person     | person                               | person    |
 * | apps, batch, ReplicationController | controller                   | person     | person                               | person    |
 * | any other kind          | controller                              | controller | controller; person if trust is listed | person    |
 *
 * The chart asks the same in CEL, so that what controllers make of templates is not even sent; docs/configuration.md has the
 * table for people. Tests compare all three.
 */
export const makerIn: (controllers: Settings['controllers']) => (owner: Owner, requester: Requester) => Maker =
  memoizeWeak(prepare)

function prepare({ builtin, trust }: Settings['controllers']): (owner: Owner, requester: Requester) => Maker {
  const isGroup = (entry: string) => entry.startsWith(GROUP)
  const users = [...BUILT_IN_USERS, ...builtin.filter(entry => !isGroup(entry)).map(compileStars)]
  const groups = builtin.filter(isGroup).map(entry => compileStars(entry.slice(GROUP.length)))
  return (owner, { username = '', groups: memberOf }) => {
    if (owner === 'none') return 'person'
    const isListed =
      users.some(matches => matches(username)) || groups.some(matches => memberOf.some(group => matches(group)))
    if (isListed) return 'controller'
    if (owner === 'builtIn') return 'person'
    const isTrusted = username.startsWith(NODE) || (trust === 'serviceAccounts' && username.startsWith(SERVICE_ACCOUNT))
    return isTrusted ? 'controller' : 'person'
  }
}

const BUILT_IN_GROUPS: readonly string[] = ['apps', 'batch']

/**
 * Whom an object names as its controller. The API server takes one at most; of several, which only the mutating webhook
 * sees, the built-in one counts, of whom fewer are believed to be.
 */
export function ownerOf({ ownerReferences }: MetadataFields): Owner {
  let owner: Owner = 'none'
  for (const { controller, apiVersion, kind } of ownerReferences ?? []) {
    if (controller !== true) continue
    if (isBuiltIn(groupOf(apiVersion ?? ''), kind ?? '')) return 'builtIn'
    owner = 'other'
  }
  return owner
}

function isBuiltIn(group: string, kind: string): boolean {
  return BUILT_IN_GROUPS.includes(group) || (group === '' && kind === 'ReplicationController')
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}
