import { SOON_MS } from '../tables.ts'
import type { Merged, MergedCluster } from './merge.ts'

/** Numbers of all clusters together. */
export interface MergedTotals {
  readonly clusters: number
  readonly workloads: number
  readonly willNotPull: number
  readonly mayNotPull: number
  /** Pull secrets that are in more than one cluster. */
  readonly shared: number
  /** Those that have not expired and will soon. */
  readonly expiring: number
  /** Namespaces that could not be read, and files that are not among them. */
  readonly notRead: number
}

export function totalsOf({ clusters, credentials, faults, now }: Merged): MergedTotals {
  const sum = (of: (one: MergedCluster) => number) => clusters.reduce((all, one) => all + of(one), 0)
  return {
    clusters: clusters.length,
    workloads: sum(({ workloads }) => workloads),
    willNotPull: sum(({ willNotPull }) => willNotPull),
    mayNotPull: sum(({ mayNotPull }) => mayNotPull),
    shared: credentials.filter(({ clusterCount }) => clusterCount > 1).length,
    expiring: credentials.filter(({ expires = now }) => expires > now && expires < now + SOON_MS).length,
    notRead: sum(({ notRead }) => notRead) + faults.length,
  }
}
