import { command } from '../../advice/kubectl.ts'
import type { Workload } from '../scan.ts'

/** Kinds that `regcred why` takes. */
const ASKABLE = new Set([
  ...['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  ...['ReplicationController', 'Job', 'CronJob'],
])

/** The command that says what a node said of a workload; undefined for what cannot be asked about, and for a name that cannot be typed. */
export function whyCommand(namespace: string, { kind, name }: Pick<Workload, 'kind' | 'name'>): string | undefined {
  if (!ASKABLE.has(kind)) return undefined
  return command([name, namespace], `regcred why ${kind.toLowerCase()}/${name} --namespace ${namespace}`)
}
