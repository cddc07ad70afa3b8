import type { ScannedCluster } from '../ask/cluster.ts'
import { checkManifests } from '../engine/check-manifests.ts'
import type { Checked } from '../engine/checked.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import { NamespaceReading, type ReadOptions } from './namespace-reading.ts'
import type { ScanCause, ScannedNamespace, Workload } from './scan.ts'
import { causesAmong } from './scan-causes.ts'

export interface ScanOptions extends Omit<ReadOptions, 'now'> {
  readonly rulebook: Rulebook
  readonly assumeInjection: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What came of one namespace, and what in it could not be read. */
interface Outcome {
  readonly scanned: ScannedNamespace
  readonly errors: Checked['errors']
  readonly unexplained: boolean
}

/**
 * Reads one namespace, and judges it as a cluster of its own: what is not there is missing.
 *
 * @param object the Namespace; undefined where it may not be read
 * @throws {AskError}
 */
export async function scanNamespace(cluster: ScannedCluster, object: unknown, options: ScanOptions): Promise<Outcome> {
  const { namespace } = cluster
  const { rulebook, assumeInjection, now } = options
  const reading = new NamespaceReading(cluster, { ...options, now: now() })
  const checked = await checkManifests(reading.read(object), rulebook, { namespace, strict: true, now })
  const nameOf = (kind: string, name: string) => reading.nameOf(kind, name)
  const causes = causesAmong(namespace, checked, assumeInjection, nameOf)
  const isLeftOut = checked.objects.length === 0 && checked.errors.length === 0 && reading.workloads > 0
  const grave = causes.filter(({ level }) => level !== 'note')
  const explained = namedIn(grave)
  const unexplained = reading.waiting.filter(({ kind, name }) => !explained.has(`${kind} ${name}`))
  const failing = namedIn(causes.filter(({ level }) => level === 'error'))
  for (const { kind, name } of unexplained) failing.add(`${kind} ${name}`)
  const { secrets, expiring, unused, accounts, workloads } = reading
  const mayNotPull = [...explained].filter(workload => !failing.has(workload)).length
  return {
    scanned: {
      ...{ namespace, workloads, willNotPull: failing.size, mayNotPull, isLeftOut },
      ...{ causes, unexplained, secrets, expiring, unused, accounts },
    },
    errors: checked.errors,
    unexplained: checked.unexplained,
  }
}

function namedIn(causes: readonly ScanCause[]): Set<string> {
  return new Set(causes.flatMap(({ workloads }) => workloads.map(({ kind, name }: Workload) => `${kind} ${name}`)))
}
