/** An object as an API server holds it. */
export type KubeObject = { readonly kind: string; readonly metadata: object; readonly [field: string]: unknown }

/** As many bytes as an API server takes of one object in a request. */
export const OBJECT_BYTES = 3 * 1024 * 1024
/** As many bytes as a review may have. */
export const REVIEW_BYTES = 24 * 1024 * 1024
/** As many bytes of a Secret's contents as etcd keeps, in base64. */
export const STORED_BYTES = 1024 * 1024

/** The namespace of who attacks with many small reviews. */
export const LOUD = 'loud'

/** A pull secret for registries, whose password nobody may ever tell. */
export function pullSecret(namespace: string, name: string, hosts: readonly string[], password = 'p'): KubeObject {
  return dockerConfig(
    namespace,
    name,
    JSON.stringify({ auths: Object.fromEntries(hosts.map(host => [host, { username: 'u', password }])) }),
  )
}

/** A pull secret with these contents, however broken. */
export function dockerConfig(namespace: string, name: string, contents: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(contents).toString('base64') },
  }
}

/** A namespace in which wrong Pods are refused, with the ServiceAccount that its Pods have. */
export function enforcing(name: string): KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'regcred.dev/mode': 'enforce' } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
  ]
}

export interface PodParts {
  readonly images: readonly string[]
  readonly references?: readonly string[]
  readonly metadata?: object
}

export function pod(namespace: string, { images, references = [], metadata = {} }: PodParts): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace, ...metadata },
    spec: {
      containers: images.map((image, i) => ({ name: `c${i}`, image })),
      imagePullSecrets: references.map(name => ({ name })),
    },
  }
}

const GROUPS: Readonly<Record<string, string>> = { Deployment: 'apps', CronJob: 'batch' }

/** The review of an object as an API server sends it. */
export function reviewOf(object: KubeObject, more: object = {}): string {
  const { name = 'web', namespace = 'default' } = object.metadata as { name?: string; namespace?: string }
  const kind = { group: GROUPS[object.kind] ?? '', version: 'v1', kind: object.kind }
  const userInfo = { username: 'jane', groups: ['system:authenticated'] }
  const request = { uid: 'u-1', kind, name, namespace, operation: 'CREATE', userInfo, object, ...more }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
}

/** So many of them. */
export function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

/** As many of them as make so many bytes. */
export function filling(bytes: number, make: (index: number) => string): string[] {
  const all: string[] = []
  for (let size = 0; size < bytes; size += (all.at(-1)?.length ?? 0) + 1) all.push(make(all.length))
  return all
}
