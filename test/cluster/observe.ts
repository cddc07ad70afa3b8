import { text } from 'node:stream/consumers'
import { request } from 'undici'
import type { AuditEvent } from './audit.ts'
import type { ControlPlane } from './control-plane.ts'
import { type Kubectl, outputOf } from './kubectl.ts'
import type { Regcred } from './regcred.ts'

/** The names in `spec.imagePullSecrets` of a Pod as it is stored; undefined where it has no list. */
export async function storedReferences(
  kubectl: Kubectl,
  namespace: string,
  pod: string,
): Promise<readonly string[] | undefined> {
  const stored: { spec: { imagePullSecrets?: { name: string }[] } } = JSON.parse(
    outputOf(await kubectl(['get', 'pod', pod, `--namespace=${namespace}`, '--output=json'])),
  )
  return stored.spec.imagePullSecrets?.map(({ name }) => name)
}

/** The audit annotations that regcred left on the first request that matches, e.g. `mutate.regcred.dev/injected`. */
export async function ourAnnotations(
  controlPlane: ControlPlane,
  filter: Parameters<ControlPlane['auditEvents']>[0],
): Promise<Readonly<Record<string, string>>> {
  const [event] = await controlPlane.auditEvents(filter)
  return event === undefined ? {} : ours(event)
}

/** What of an audit event's annotations regcred left. */
export function ours({ annotations = {} }: AuditEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => /^[a-z]+\.regcred\.dev\//.test(key)))
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
