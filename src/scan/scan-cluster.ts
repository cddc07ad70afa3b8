import { AskError } from '../ask/ask-error.ts'
import type { ScannedCluster } from '../ask/cluster.ts'
import { findNamespaces, findOwnNamespace } from '../ask/namespaces.ts'
import type { Checked } from '../engine/checked.ts'
import { formatFault } from '../manifests/found.ts'
import type { NotRead, Scan, ScannedNamespace } from './scan.ts'
import { type ScanOptions, scanNamespace } from './scan-namespace.ts'

/** Namespaces one after another for which the API server fails, before no other is tried. */
const MAX_FAILURES = 3

/** Told how far a scan is. */
export interface Watcher {
  show(done: number, all: number, workloads: number): void
}

/**
 * Scans the namespace of the cluster, or all. What cannot be read is told, and takes nothing from the rest; no more than one namespace
 * is held at a time.
 *
 * @throws {CommandError} if nothing can be read
 */
export async function scanCluster(
  cluster: ScannedCluster,
  isAll: boolean,
  options: ScanOptions,
  watcher: Watcher,
): Promise<Scan> {
  const found = isAll ? await findNamespaces(cluster, 'scan') : [await findOwnNamespace(cluster)]
  const namespaces: ScannedNamespace[] = []
  const notRead: NotRead[] = []
  const remarks: string[] = []
  let isComplete = true
  let failures = 0
  let workloads = 0
  for (const [done, { name, object }] of found.entries()) {
    const onWorkload = (more: number) => watcher.show(done, found.length, workloads + more)
    onWorkload(0)
    if (failures >= MAX_FAILURES) {
      notRead.push({ namespace: name, reason: 'the API server failed before it was asked', isForbidden: false })
      continue
    }
    try {
      const { scanned, errors, unexplained } = await scanNamespace(cluster.within(name), object, {
        ...options,
        onWorkload,
      })
      namespaces.push(scanned)
      workloads += scanned.workloads
      failures = 0
      isComplete &&= errors.length === 0
      remarks.push(...remarksOn(name, { errors, unexplained }))
    } catch (error) {
      if (!(error instanceof AskError)) throw error
      const { message: reason, isForbidden } = error
      failures = isForbidden ? 0 : failures + 1
      notRead.push({ namespace: name, reason, isForbidden })
    }
  }
  return { namespaces, notRead, remarks, isComplete, cluster: cluster.clusterName, now: options.now() }
}

/** What keeps the answer about one namespace from being whole. */
export function remarksOn(
  namespace: string,
  { errors, unexplained }: Pick<Checked, 'errors' | 'unexplained'>,
): readonly string[] {
  const tooMuch = `namespace ${namespace} has too much to compare it all: some near names and causes are left out`
  return [...errors.map(formatFault), ...(unexplained ? [tooMuch] : [])]
}
