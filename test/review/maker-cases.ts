import type { Settings } from '../../src/policy/settings.ts'
import type { Maker, Requester } from '../../src/review/maker.ts'

interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly controller?: boolean
}

/** An owner and a requester, and whose the object is by the table of docs/configuration.md. */
export interface MakerCase {
  readonly name: string
  readonly owners: readonly OwnerReference[]
  readonly requester: Requester & { readonly username: string }
  readonly maker: Maker
}

/** By how the table reads the owner: `none`, `builtIn` or `other`. */
const OWNERS: Readonly<Record<'none' | 'builtIn' | 'other', readonly (readonly OwnerReference[])[]>> = {
  none: [
    [],
    [{ apiVersion: 'apps/v1', kind: 'ReplicaSet' }],
    [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: false }],
  ],
  builtIn: [
    [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true }],
    [{ apiVersion: 'apps/v1beta2', kind: 'Invented', controller: true }],
    [{ apiVersion: 'batch/v1', kind: 'CronJob', controller: true }],
    [{ apiVersion: 'v1', kind: 'ReplicationController', controller: true }],
    [{ apiVersion: '/v1', kind: 'ReplicationController', controller: true }],
  ],
  other: [
    [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', controller: true }],
    [{ apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', controller: true }],
    [{ apiVersion: 'example.com/v1', kind: 'ReplicationController', controller: true }],
    [{ apiVersion: 'v1', kind: 'Pod', controller: true }],
    [{ apiVersion: 'v1', kind: 'Node', controller: true }],
    [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
      { apiVersion: 'example.com/v1', kind: 'App', controller: true },
    ],
  ],
}

const account = (namespace: string, name: string) => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
})

/** By how the table reads the requester. */
const REQUESTERS = {
  builtIn: [
    { username: 'system:kube-controller-manager', groups: [] },
    account('kube-system', 'replicaset-controller'),
    account('openshift-infra', 'build-controller'),
  ],
  listed: [
    { username: 'pipeline <bot>', groups: [] },
    account('operators', 'app-operator'),
    { username: 'joe', groups: ['a "group"', 'robots-7'] },
  ],
  node: [{ username: 'system:node:worker-1', groups: ['system:nodes'] }],
  serviceAccount: [account('team-a', 'ci'), account('kube-system-2', 'a')],
  user: [
    { username: 'jane', groups: ['developers', 'system:masters'] },
    { username: 'system:kube-controller-manager-2', groups: [] },
    { username: 'jane:system:serviceaccount:kube-system:a', groups: [] },
    { username: 'system:nodes', groups: [] },
  ],
}

const LISTED = ['pipeline <bot>', 'system:serviceaccount:*rators:app-*', 'group:robots*']

/** The settings under which the table is asked, by name. */
export const SETTINGS: Readonly<Record<string, Settings['controllers']>> = {
  'the defaults': { builtin: [], trust: 'serviceAccounts' },
  'some listed': { builtin: LISTED, trust: 'serviceAccounts' },
  'only those who are listed': { builtin: LISTED, trust: 'listed' },
}

/** Who is believed, by the kind of owner. */
function believed(owner: keyof typeof OWNERS, { builtin, trust }: Settings['controllers']): readonly string[] {
  if (owner === 'none') return []
  const listed = builtin.length > 0 ? ['builtIn', 'listed'] : ['builtIn']
  if (owner === 'builtIn') return listed
  return [...listed, 'node', ...(trust === 'serviceAccounts' ? ['serviceAccount'] : [])]
}

/** Every pair of an owner and a requester. */
export function makerCases(settings: Settings['controllers']): readonly MakerCase[] {
  return (['none', 'builtIn', 'other'] as const).flatMap(owner =>
    OWNERS[owner].flatMap(owners =>
      Object.entries(REQUESTERS).flatMap(([is, requesters]) =>
        requesters.map((requester): MakerCase => {
          // Who is not listed is who he is otherwise.
          const isAccount = requester.username.startsWith('system:serviceaccount:')
          const as = is === 'listed' && settings.builtin.length === 0 ? (isAccount ? 'serviceAccount' : 'user') : is
          const maker = believed(owner, settings).includes(as) ? 'controller' : 'person'
          return { name: `${JSON.stringify(owners)}, ${requester.username}`, owners, requester, maker }
        }),
      ),
    ),
  )
}
