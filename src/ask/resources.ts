/** A kind of object of a namespace that can be asked for. */
export interface Resource {
  readonly kind: string
  /** As URLs, RBAC and kubectl name it, e.g. `deployments`. */
  readonly name: string
  /** Empty for the core group. */
  readonly group: string
}

const KINDS = [
  { kind: 'Pod', name: 'pods', group: '', short: 'po' },
  { kind: 'Secret', name: 'secrets', group: '', short: 'secret' },
  { kind: 'ServiceAccount', name: 'serviceaccounts', group: '', short: 'sa' },
  { kind: 'Event', name: 'events', group: '', short: 'ev' },
  { kind: 'Deployment', name: 'deployments', group: 'apps', short: 'deploy' },
  { kind: 'StatefulSet', name: 'statefulsets', group: 'apps', short: 'sts' },
  { kind: 'DaemonSet', name: 'daemonsets', group: 'apps', short: 'ds' },
  { kind: 'ReplicaSet', name: 'replicasets', group: 'apps', short: 'rs' },
  { kind: 'ReplicationController', name: 'replicationcontrollers', group: '', short: 'rc' },
  { kind: 'Job', name: 'jobs', group: 'batch', short: 'job' },
  { kind: 'CronJob', name: 'cronjobs', group: 'batch', short: 'cj' },
] as const satisfies readonly (Resource & { readonly short: string })[]

/** What can be asked for, by its kind. */
export const RESOURCES: Readonly<Record<(typeof KINDS)[number]['kind'], Resource>> = Object.fromEntries(
  KINDS.map(({ kind, name, group }) => [kind, { kind, name, group }]),
) as Record<(typeof KINDS)[number]['kind'], Resource>

/** Kinds that make Pods of a template. */
export const WORKLOADS: readonly Resource[] = [
  RESOURCES.Deployment,
  RESOURCES.StatefulSet,
  RESOURCES.DaemonSet,
  RESOURCES.ReplicaSet,
  RESOURCES.ReplicationController,
  RESOURCES.Job,
  RESOURCES.CronJob,
]

/** An object, as kubectl's `TYPE/NAME` names it. */
export interface Target {
  readonly resource: Resource
  readonly name: string
}

/**
 * Reads what kubectl takes for an object: `deployment/web`, `Deployment/web`, `deploy/web`, `deployments.apps/web`,
 * `deployments.v1.apps/web`.
 *
 * @returns undefined for what is no such text, or of a kind that is not known
 */
export function parseTarget(text: string): Target | undefined {
  const [, written = '', suffix = '', name = ''] = /^([A-Za-z]+)((?:\.[a-z0-9-]+)*)\/(.+)$/.exec(text) ?? []
  const word = written.toLowerCase()
  const found = KINDS.find(({ kind, name: plural, short }) => [kind.toLowerCase(), plural, short].includes(word))
  if (found === undefined || !isGroup(suffix, found.group)) return undefined
  return { resource: RESOURCES[found.kind], name }
}

/** Whether what stands behind a kind, as `.apps` or `.v1.apps`, is of its group; `.v1` alone is of the core group. */
function isGroup(suffix: string, group: string): boolean {
  const inGroup = group === '' ? '' : `.${group}`
  return ['', inGroup, `.v1${inGroup}`].includes(suffix)
}

/** E.g. `apps/v1`. */
export function apiVersionOf({ group }: Resource): string {
  return group === '' ? 'v1' : `${group}/v1`
}

/** The path of all Namespaces. */
export const NAMESPACES_PATH = '/api/v1/namespaces'

/** The path of the objects of all namespaces, or of a kind that is in none. */
export function allPathOf({ group, name }: Resource): string {
  return `${group === '' ? '/api/v1' : `/apis/${group}/v1`}/${name}`
}

/** The path of the objects of a namespace, e.g. `/apis/apps/v1/namespaces/team-a/deployments`. */
export function pathOf({ group, name }: Resource, namespace: string): string {
  return `${group === '' ? '/api/v1' : `/apis/${group}/v1`}/namespaces/${namespace}/${name}`
}
