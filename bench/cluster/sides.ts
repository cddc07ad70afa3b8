import type { Manifest } from '../../test/e2e/control-plane/objects.ts'
import { namespace, pullSecret, REGISTRY } from '../../test/e2e/control-plane/objects.ts'
import { type Actor, type PodKind, PULL_SECRET } from './pods.ts'

/** Who decides about the Pods of its namespaces. */
export type SideName = 'none' | 'fixed' | 'parameters' | 'go' | 'one' | 'both'

export interface Side {
  readonly name: SideName
  readonly title: string
  /** The Pods that it can do something about. */
  readonly kinds: readonly PodKind[]
  /** Whether it looks at the pull secrets of a namespace, so that their number may count. */
  readonly looks: boolean
}

/** All in front of one API server, each in front of namespaces of its own. */
export const SIDES: readonly Side[] = [
  { name: 'none', title: 'nothing', kinds: ['inOrder', 'byMatch', 'wrong'], looks: false },
  {
    name: 'fixed',
    title: 'MutatingAdmissionPolicy, a fixed name',
    kinds: ['inOrder', 'byName'],
    looks: false,
  },
  {
    name: 'parameters',
    title: 'MutatingAdmissionPolicy, Secrets as parameters',
    kinds: ['inOrder', 'byMatch'],
    looks: true,
  },
  {
    name: 'go',
    title: 'a Go webhook on controller-runtime',
    kinds: ['inOrder', 'byMatch', 'wrong'],
    looks: true,
  },
  { name: 'one', title: 'regcred, /mutate alone', kinds: ['inOrder', 'byName', 'byMatch', 'wrong'], looks: true },
  { name: 'both', title: 'regcred, both stages', kinds: ['inOrder', 'byName', 'byMatch', 'wrong'], looks: true },
]

/** What one figure is of. */
export interface Row {
  readonly side: SideName
  readonly kind: PodKind
  readonly actor: Actor
  readonly pullSecrets: number
}

const NUMBERS = [1, 100, 1000] as const

/** Each kind of Pod by each who may make it, beside one pull secret; and an injected controller's beside more of them. */
export const ROWS: readonly Row[] = SIDES.flatMap(({ name: side, kinds, looks }) => [
  ...kinds.flatMap(kind =>
    (['controller', 'person'] as const).map(actor => ({ side, kind, actor, pullSecrets: NUMBERS[0] })),
  ),
  ...(looks ? NUMBERS.slice(1) : []).map(pullSecrets => ({
    side,
    kind: 'byMatch' as const,
    actor: 'controller' as const,
    pullSecrets,
  })),
])

/** The label that says whose a namespace is. */
export const SIDE_LABEL = 'bench.regcred.dev/side'
/** A user who may make Pods there, beside the controller. */
export const PERSON = 'jane'

export function namespaceOf({ side, kind, pullSecrets }: Row): string {
  return kind === 'byName' ? `${side}-named` : `${side}-${pullSecrets}`
}

/** The objects of each namespace, by its name. */
export function namespaces(): Map<string, Manifest[]> {
  return new Map(ROWS.map(row => [namespaceOf(row), objectsOf(row)]))
}

/** One pull secret for the Pods' registry; the others are for registries of their own. */
function objectsOf(row: Row): Manifest[] {
  const name = namespaceOf(row)
  const annotations = row.kind === 'byName' && { 'regcred.dev/pull-secrets': PULL_SECRET }
  const labels = { [SIDE_LABEL]: row.side }
  const group = 'rbac.authorization.k8s.io'
  const others = Array.from({ length: row.pullSecrets - 1 }, (_, i) =>
    pullSecret(name, `other-${i}`, `registry-${i}.example.org`),
  )
  return [
    namespace(name, { labels, ...(annotations && { annotations }) }),
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'edit', namespace: name },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'edit' },
      subjects: [{ apiGroup: group, kind: 'User', name: PERSON }],
    },
    pullSecret(name, PULL_SECRET, REGISTRY),
    ...others,
  ]
}
