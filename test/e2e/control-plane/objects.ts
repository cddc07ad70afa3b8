import type { Kubectl, KubectlResult } from './kubectl.ts'

/** An object as a manifest has it. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** In no class of registries. */
export const REGISTRY = 'registry.example.com'
export const IMAGE = `${REGISTRY}/acme/web:1`

/** What differs from a Pod with one container of IMAGE and no references. */
export interface PodTweak {
  readonly images?: readonly string[]
  readonly references?: readonly string[]
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly spec?: Readonly<Record<string, unknown>>
}

export function pod(namespace: string, name: string, { metadata, ...tweak }: PodTweak = {}): Manifest {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...metadata }, spec: podSpec(tweak) }
}

/** A Pod template for a workload that selects this label `app`. */
function podTemplate({ metadata, ...tweak }: PodTweak = {}, app = 'web') {
  return { metadata: { labels: { app }, ...metadata }, spec: podSpec(tweak) }
}

export function deployment(namespace: string, name: string, tweak: PodTweak = {}, replicas = 1): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate(tweak) },
  }
}

const RUN_ONCE = { restartPolicy: 'Never' }

/** Everything built in that has a Pod template, by kind: what it needs for one Pod, but the template. */
const WORKLOADS = {
  Deployment: { apiVersion: 'apps/v1', fields: (app: string) => ({ selector: { matchLabels: { app } } }) },
  StatefulSet: {
    apiVersion: 'apps/v1',
    fields: (app: string) => ({ selector: { matchLabels: { app } }, serviceName: app }),
  },
  DaemonSet: { apiVersion: 'apps/v1', fields: (app: string) => ({ selector: { matchLabels: { app } } }) },
  ReplicaSet: { apiVersion: 'apps/v1', fields: (app: string) => ({ selector: { matchLabels: { app } } }) },
  ReplicationController: { apiVersion: 'v1', fields: (app: string) => ({ selector: { app } }) },
  Job: { apiVersion: 'batch/v1', fields: () => ({}) },
  CronJob: { apiVersion: 'batch/v1', fields: () => ({}) },
  PodTemplate: { apiVersion: 'v1', fields: () => ({}) },
} as const

export type WorkloadKind = keyof typeof WORKLOADS
export const WORKLOAD_KINDS = Object.keys(WORKLOADS) as WorkloadKind[]

/** A workload of any built-in kind whose Pods are like this one. Its Pods' label `app` is its name. */
export function workload(kind: WorkloadKind, namespace: string, name: string, tweak: PodTweak = {}): Manifest {
  const { apiVersion, fields } = WORKLOADS[kind]
  const head = { apiVersion, kind, metadata: { name, namespace } }
  const isJob = kind === 'Job' || kind === 'CronJob'
  const template = podTemplate({ ...tweak, spec: { ...(isJob && RUN_ONCE), ...tweak.spec } }, name)
  if (kind === 'PodTemplate') return { ...head, template }
  if (kind === 'CronJob') return { ...head, spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } } }
  return { ...head, spec: { ...fields(name), template } }
}

function podSpec({ images = [IMAGE], references, spec }: PodTweak) {
  return {
    containers: images.map((image, i) => ({ name: `c${i}`, image })),
    ...(references && { imagePullSecrets: references.map(name => ({ name })) }),
    ...spec,
  }
}

/** A pull secret with credentials for these keys; the password is none. */
export function pullSecret(namespace: string, name: string, ...keys: string[]): Manifest {
  const auths = Object.fromEntries(keys.map(key => [key, { username: 'janedoe', password: 'xxxxxxxxxxx' }]))
  return dockerConfig(namespace, name, { auths })
}

export function dockerConfig(namespace: string, name: string, config: unknown): Manifest {
  const stringData = { '.dockerconfigjson': JSON.stringify(config) }
  const type = 'kubernetes.io/dockerconfigjson'
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, stringData }
}

export function opaqueSecret(namespace: string, name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { a: 'b' } }
}

export function serviceAccount(
  namespace: string,
  name: string,
  references: readonly string[],
  annotations: Readonly<Record<string, string>> = {},
): Manifest {
  const imagePullSecrets = references.map(secret => ({ name: secret }))
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations }, imagePullSecrets }
}

export function namespace(name: string, metadata: Readonly<Record<string, unknown>> = {}): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...metadata } }
}

/** One file with these objects in this order. */
export function fileOf(...objects: readonly Manifest[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
}

/** Applies one file, as a person does. */
export function apply(kubectl: Kubectl, ...objects: readonly Manifest[]): Promise<KubectlResult> {
  return kubectl(['apply', '-f', '-'], { input: fileOf(...objects) })
}
