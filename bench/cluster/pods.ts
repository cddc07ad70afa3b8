import { type Manifest, pod, REGISTRY } from '../../test/e2e/control-plane/objects.ts'

/** What a Pod is like for a webhook: it lists what it needs, is to be given it by name or by match, or names a Secret that is missing. */
export type PodKind = 'inOrder' | 'byName' | 'byMatch' | 'wrong'
/** A controller makes most Pods of a cluster; a person gets Warnings. */
export type Actor = 'controller' | 'person'

/** The pull secret that each namespace has, for the registry of each Pod. */
export const PULL_SECRET = 'acme'
/** Who makes the Pods of ReplicaSets. */
export const REPLICA_SET_CONTROLLER = 'system:serviceaccount:kube-system:replicaset-controller'
export const REPLICA_SET_GROUPS = ['system:serviceaccounts', 'system:serviceaccounts:kube-system']

const CONTROLLER = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'web',
  uid: '00000000-0000-4000-8000-000000000001',
}
const REFERENCES: Readonly<Record<PodKind, readonly string[] | undefined>> = {
  inOrder: [PULL_SECRET],
  byName: undefined,
  byMatch: undefined,
  wrong: ['not-there'],
}

/** A Pod as its maker sends it. */
export function podOf(kind: PodKind, actor: Actor, namespace: string): Manifest {
  const references = REFERENCES[kind]
  const ownerReferences = [{ ...CONTROLLER, controller: true, blockOwnerDeletion: true }]
  const labels = { app: 'web', 'pod-template-hash': '5f6b8c7d9' }
  return pod(namespace, 'web-5f6b8c7d9-abcde', {
    images: [`${REGISTRY}/acme/web:1.2.3`],
    ...(references && { references }),
    metadata: { labels, ...(actor === 'controller' && { ownerReferences }) },
    spec: { serviceAccountName: 'default', terminationGracePeriodSeconds: 30 },
  })
}
