import jsonpatch, { type Operation } from 'fast-json-patch'
import pino from 'pino'
import { App } from '../../src/app.ts'
import type { Manifest } from '../../src/manifests/found.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import type { Settings } from '../../src/policy/settings.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { referencesOf } from './cluster.ts'
import type { CorpusObject, CorpusPod, Json } from './objects.ts'

export const NOW = Date.parse('2026-06-01T00:00:00Z')

/** What is reviewed without any configuration; of anything else the webhook never hears. */
const REVIEWED = [
  ...['v1 Pod', 'v1 ReplicationController', 'v1 PodTemplate', 'v1 Secret', 'v1 Namespace', 'batch/v1 Job'],
  ...['apps/v1 Deployment', 'apps/v1 StatefulSet', 'apps/v1 DaemonSet', 'apps/v1 ReplicaSet', 'batch/v1 CronJob'],
]

const pair = await issueCertificate(['localhost'])

/** An object of which something was said to its author, or recorded. */
interface Told {
  readonly object: string
  readonly warnings: readonly string[]
  readonly findings?: string
  readonly error?: string
}

interface Response {
  readonly warnings?: readonly string[]
  readonly patch?: string
  readonly auditAnnotations?: { readonly findings?: string; readonly error?: string }
}

/**
 * Applies objects to a cluster as their author does, and makes the Pods of their templates: as a controller does, and once
 * more by hand. Returns every answer that says anything.
 */
export async function apply(
  objects: readonly CorpusObject[],
  cluster: readonly Manifest[],
  settings: Settings,
): Promise<Told[]> {
  const view = new ManifestView(cluster)
  const app = new App({
    cluster: { view, live: view, resources: () => [] },
    metrics: new Metrics(),
    settings,
    pair,
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    now: () => NOW,
  })
  const told: Told[] = []
  for (const object of objects) {
    const tell = ({ warnings = [], auditAnnotations = {} }: Response) => {
      const { findings, error } = auditAnnotations
      if (warnings.length === 0 && findings === undefined && error === undefined) return
      told.push({
        object: titleOf(object),
        warnings,
        ...(findings === undefined ? {} : { findings }),
        ...(error === undefined ? {} : { error }),
      })
    }
    if (object.kind !== 'Pod' && isReviewed(object, settings))
      tell(await review(app, 'validate', object, object.object, 'jane'))
    for (const pod of object.pods) {
      for (const controlled of object.kind === 'Pod' ? [false] : [true, false]) {
        await createPod(app, objects, object, pod, controlled, tell)
      }
    }
  }
  await app.close()
  return told
}

export function titleOf({ kind, name }: CorpusObject): string {
  return `${kind} ${name}`
}

function isReviewed({ apiVersion, kind }: CorpusObject, { templates }: Settings): boolean {
  const group = apiVersion.split('/')[0]
  return (
    REVIEWED.includes(`${apiVersion} ${kind}`) ||
    templates.some(template => template.group === group && template.kind === kind)
  )
}

async function createPod(
  app: App,
  objects: readonly CorpusObject[],
  owner: CorpusObject,
  pod: CorpusPod,
  controlled: boolean,
  tell: (response: Response) => void,
): Promise<void> {
  const username = controlled ? 'system:serviceaccount:kube-system:replicaset-controller' : 'jane'
  const created = { ...owner, apiVersion: 'v1', kind: 'Pod' }
  const sent = podAsSent(objects, owner, pod, controlled)
  const mutated = await review(app, 'mutate', created, sent, username)
  tell(mutated)
  const patch: readonly Operation[] = mutated.patch === undefined ? [] : JSON.parse(atob(mutated.patch))
  const patched: Json = jsonpatch.applyPatch(structuredClone(sent), patch).newDocument
  tell(await review(app, 'validate', created, patched, username))
}

/** A Pod as the API server sends it: with its ServiceAccount, and with that one's references if it has none. */
function podAsSent(
  objects: readonly CorpusObject[],
  { name, namespace }: CorpusObject,
  pod: CorpusPod,
  controlled: boolean,
): Json {
  const references = referencesOf(objects, namespace, pod).map(reference => ({ name: reference }))
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: 'u-2', controller: true }]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...pod.metadata, name, namespace, ...(controlled ? { ownerReferences } : {}) },
    spec: {
      ...pod.spec,
      serviceAccountName: pod.account,
      ...(references.length > 0 ? { imagePullSecrets: references } : {}),
    },
  }
}

async function review(
  app: App,
  stage: 'mutate' | 'validate',
  { apiVersion, kind, name, namespace }: CorpusObject,
  object: Json,
  username: string,
): Promise<Response> {
  const [version, group = ''] = apiVersion.split('/').reverse()
  const request = {
    uid: 'u-1',
    kind: { group, version, kind },
    name,
    namespace,
    operation: 'CREATE',
    userInfo: { username },
    object,
  }
  const { statusCode, body } = await app.server.inject({
    method: 'POST',
    url: `/${stage}?timeout=10s`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }),
  })
  if (statusCode !== 200) throw new Error(body)
  return JSON.parse(body).response
}
