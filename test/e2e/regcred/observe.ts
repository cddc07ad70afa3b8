import { text } from 'node:stream/consumers'
import { request } from 'undici'
import type { AuditEvent } from '../control-plane/audit.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { type Kubectl, outputOf } from '../control-plane/kubectl.ts'
import type { Manifest } from '../control-plane/objects.ts'
import type { Regcred } from './regcred.ts'

interface StoredPod {
  readonly metadata: { readonly namespace: string; readonly name: string }
  readonly spec: { readonly imagePullSecrets?: readonly { readonly name: string }[] }
}

/** The names in `spec.imagePullSecrets` of a Pod as it is stored; undefined where it has no list. */
export async function storedReferences(
  kubectl: Kubectl,
  namespace: string,
  pod: string,
): Promise<readonly string[] | undefined> {
  return referencesOf(
    JSON.parse(outputOf(await kubectl(['get', 'pod', pod, `--namespace=${namespace}`, '--output=json']))),
  )
}

function referencesOf({ spec }: StoredPod): readonly string[] | undefined {
  return spec.imagePullSecrets?.map(({ name }) => name)
}

/** The audit annotations that regcred left on the first request that matches, e.g. `mutate.regcred.dev/injected`. */
export async function ourAnnotations(
  controlPlane: ControlPlane,
  filter: Parameters<ControlPlane['auditEvents']>[0],
): Promise<Readonly<Record<string, string>>> {
  const [event] = await controlPlane.auditEvents(filter)
  return event === undefined ? {} : ours(event)
}

/** What became of each of these Pods: its references as they are stored, and what regcred left in the audit log. */
export async function outcomesOfPods(controlPlane: ControlPlane, pods: readonly Manifest[]) {
  const created = { verb: 'create', resource: 'pods' }
  const byNamespace = Map.groupBy(pods, ({ metadata }) => String(metadata['namespace']))
  const [list, ...events] = await Promise.all([
    controlPlane.kubectl(['get', 'pods', '--all-namespaces', '--output=json']),
    ...[...byNamespace].map(([namespace, { length }]) => controlPlane.auditEvents({ ...created, namespace }, length)),
  ])
  const stored: readonly StoredPod[] = JSON.parse(outputOf(list)).items
  return pods.map(({ metadata: { namespace, name } }) => {
    const pod = stored.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)
    const event = events.flat().find(({ objectRef }) => objectRef?.namespace === namespace && objectRef?.name === name)
    return { stored: pod && referencesOf(pod), annotations: event && ours(event) }
  })
}

/** What of an audit event's annotations regcred left. */
export function ours({ annotations = {} }: AuditEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => /^[a-z]+\.regcred\.dev\//.test(key)))
}

/** How often no Pod could be made for a controller in a namespace. */
export async function countRefusals(kubectl: Kubectl, namespace: string): Promise<number> {
  const events = ['get', 'events', `--namespace=${namespace}`, '--field-selector=reason=FailedCreate', '--output=json']
  const { items }: { items: readonly { readonly count?: number }[] } = JSON.parse(outputOf(await kubectl(events)))
  return items.reduce((sum, { count = 1 }) => sum + count, 0)
}

/** The sum of all samples of a metric that have these labels. */
export async function countOf(
  { metricsUrl }: Pick<Regcred, 'metricsUrl'>,
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { body } = await request(`${metricsUrl}/metrics`)
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return (await text(body))
    .split('\n')
    .filter(line => line.startsWith(`${metric}{`) && wanted.every(label => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
