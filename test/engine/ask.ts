import type { Operation } from 'fast-json-patch'
import { type Admitted, admit } from '../../src/engine/admit.ts'
import { parseManifests } from '../../src/manifests/read.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { decode } from '../../src/review/decode.ts'
import type { Stage } from '../../src/review/review.ts'
import { clusterOf } from './golden-cluster.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
export const HOST = 'registry.example.com'
export const IMAGE = `${HOST}/acme/web:1`

/** A cluster of these objects, and a namespace `team-a` with its ServiceAccount around them. */
function objectsOf(objects: readonly object[], labels = {}, account = {}): object[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a', labels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team-a' }, ...account },
    ...objects,
  ]
}

export function secret(name: string, config: unknown, type = 'kubernetes.io/dockerconfigjson'): object {
  const stringData = { '.dockerconfigjson': typeof config === 'string' ? config : JSON.stringify(config) }
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'team-a' }, type, stringData }
}

export function secretFor(name: string, ...hosts: string[]): object {
  return secret(name, { auths: Object.fromEntries(hosts.map(host => [host, { username: 'u', password: 'p' }])) })
}

/** A JWT that expired before it is now. */
export const EXPIRED = `e30.${Buffer.from(JSON.stringify({ exp: NOW / 1000 - 60 })).toString('base64url')}.c2ln`

interface PodTweak {
  readonly references?: readonly string[]
  readonly images?: readonly string[]
  readonly metadata?: object
  readonly spec?: object
}

export function pod({ references, images = [IMAGE], metadata, spec }: PodTweak = {}): Record<string, unknown> {
  return {
    metadata: { name: 'web', namespace: 'team-a', ...metadata },
    spec: {
      serviceAccountName: 'default',
      containers: images.map((image, i) => ({ name: `c${i}`, image, imagePullPolicy: 'IfNotPresent' })),
      ...(references === undefined ? {} : { imagePullSecrets: references.map(name => ({ name })) }),
      ...spec,
    },
  }
}

export interface Asked {
  readonly stage?: Stage
  readonly object?: unknown
  readonly oldObject?: unknown
  readonly kind?: string
  readonly group?: string
  readonly operation?: string
  readonly subResource?: string
  readonly namespace?: string
  readonly username?: string
  readonly groups?: readonly string[]
  readonly dryRun?: boolean
  readonly objects?: readonly object[]
  readonly labels?: object
  readonly account?: object
  readonly settings?: Partial<Settings>
  /** What can be found out neither way: `namespace`, `serviceaccount`, `secrets`, `secret/acme`. */
  readonly unknown?: readonly string[]
}

export interface Answer {
  readonly allowed: boolean
  readonly warnings?: readonly string[]
  readonly patch?: readonly Operation[]
  readonly message?: string
  /** Of a refusal with 429. */
  readonly retryAfterSeconds?: number
  readonly audit?: Readonly<Record<string, string>>
}

/** Sends one review the whole way. */
export async function ask(asked: Asked): Promise<Answer> {
  const { response } = JSON.parse((await send(asked)).body)
  if (response.uid !== UID) throw new Error('the uid is not echoed')
  return {
    allowed: response.allowed,
    ...(response.warnings && { warnings: response.warnings }),
    ...(response.patch && { patch: JSON.parse(Buffer.from(response.patch, 'base64').toString()) }),
    ...(response.status && { message: response.status.message }),
    ...(response.status?.code === 429 && { retryAfterSeconds: response.status.details.retryAfterSeconds }),
    ...(response.auditAnnotations && { audit: response.auditAnnotations }),
  }
}

const UID = 'u-1'

/** The same; what came of it as the program has it. */
export async function send(asked: Asked): Promise<Admitted> {
  const { stage = 'validate', object = pod(), oldObject = null, kind = 'Pod', group = '', operation = 'CREATE' } = asked
  const parsed = await parseManifests(
    'c',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: objectsOf(asked.objects ?? [], asked.labels, asked.account),
    }),
  )
  if (!parsed.ok) throw new Error(parsed.faults.join())
  const rulebook = prepareRulebook({ ...defaultSettings, ...asked.settings })
  const held = new ManifestView(parsed.manifests, { secrets: rulebook.settings.view.secrets })
  const cluster = asked.unknown ? clusterOf(parsed.manifests, asked.unknown) : { view: held, live: held }
  const request = {
    uid: UID,
    kind: { group, version: 'v1', kind },
    ...(asked.subResource === undefined ? {} : { subResource: asked.subResource }),
    name: 'web',
    namespace: asked.namespace ?? 'team-a',
    operation,
    userInfo: { username: asked.username ?? 'jane', groups: asked.groups ?? [] },
    object,
    oldObject,
    ...(asked.dryRun === undefined ? {} : { dryRun: asked.dryRun }),
  }
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
  const sources = { view: cluster.view, live: cluster.live, rulebook, now: () => NOW }
  const decoded = decode(body, stage, rulebook.settings.templates)
  if (!decoded.ok) throw new Error(decoded.fault)
  return await admit(decoded.review, sources, () => 1000)
}

export const PRIVATE = { registries: { ...defaultSettings.registries, private: [HOST] } }
export const inject = (tweak: Partial<Settings['inject']>) => ({
  inject: { ...defaultSettings.inject, match: false, ...tweak },
})
export const CLEAN: Answer = { allowed: true }
export const added = (...names: string[]): Operation[] => [
  { op: 'add', path: '/spec/imagePullSecrets', value: names.map(name => ({ name })) },
]
