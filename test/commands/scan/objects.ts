import type { Stored } from '../ask/stored-cluster.ts'

/** A registry that is not public. */
export const HOST = 'registry.example.com'
const IMAGE = `${HOST}/acme/web:v1`
/** What nobody is to be shown. */
export const PASSWORD = 'hunter2-5581'

interface Parts {
  readonly namespace?: string
  readonly references?: readonly string[]
  readonly image?: string
  readonly account?: string
  readonly labels?: Readonly<Record<string, string>>
  /** The controller. */
  readonly owner?: readonly [kind: string, name: string]
  readonly [field: string]: unknown
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Stored {
  return { kind: 'Namespace', metadata: { name, uid: name, labels } as Stored['metadata'] }
}

function metadataOf(
  name: string,
  { namespace: inside = 'team-a', labels = {}, owner, deletionTimestamp }: Parts,
): Stored['metadata'] {
  const [kind, ownName] = owner ?? []
  const group = kind === 'Job' || kind === 'CronJob' ? 'batch' : kind === 'StrimziPodSet' ? 'strimzi.io' : 'apps'
  const apiVersion = kind === 'Node' ? 'v1' : `${group}/v1`
  const reference = { apiVersion, kind, name: ownName, uid: ownName, controller: true }
  const metadata = { name, namespace: inside, uid: `${inside}-${name}`, labels, deletionTimestamp }
  return (owner === undefined ? metadata : { ...metadata, ownerReferences: [reference] }) as Stored['metadata']
}

function podSpec({ references = [], image = IMAGE, account = 'default' }: Parts): object {
  return {
    serviceAccountName: account,
    containers: [{ name: 'web', image }],
    imagePullSecrets: references.map(name => ({ name })),
  }
}

/** A workload with a Pod template. */
export function workload(kind: string, name: string, parts: Parts = {}): Stored {
  const template = { metadata: {}, spec: podSpec(parts) }
  const { replicas, status } = parts
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { replicas, template }
  return { kind, metadata: metadataOf(name, parts), spec, status }
}

const WAITING = { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${IMAGE}"` } }

export function pod(name: string, parts: Parts & { readonly waits?: boolean; readonly phase?: string } = {}): Stored {
  const { waits = false, phase } = parts
  const state = waits ? WAITING : { running: {} }
  const status = { phase, containerStatuses: [{ name: 'web', image: IMAGE, state }] }
  return { kind: 'Pod', metadata: metadataOf(name, parts), spec: podSpec(parts), status }
}

export function account(name: string, references: readonly string[] = [], inside = 'team-a'): Stored {
  const imagePullSecrets = references.map(one => ({ name: one }))
  return { kind: 'ServiceAccount', metadata: metadataOf(name, { namespace: inside }), imagePullSecrets }
}

interface SecretParts {
  readonly namespace?: string
  readonly type?: string
  readonly key?: string
  readonly password?: string
}

export function secret(name: string, parts: SecretParts = {}): Stored {
  const { namespace: inside = 'team-a', type = 'kubernetes.io/dockerconfigjson', key = HOST } = parts
  const auths = { [key]: { username: 'jane', password: parts.password ?? PASSWORD } }
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') }
  return { kind: 'Secret', metadata: metadataOf(name, { namespace: inside }), type, data }
}

/** A token that says when it expires. */
export function tokenUntil(expires: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ exp: Math.floor(expires / 1000) })}.s`
}
