import { visibleJson } from '../../runtime/visible.ts'
import type { Merged } from './merge.ts'
import { totalsOf } from './totals.ts'

/** The version of the contract below; it grows by fields, and changes its number if one goes or means something else. */
const VERSION = 1

/** Writes what came of many scans as JSON: a stable contract, described in docs/scan.md. */
export function writeMergedJson(merged: Merged): string {
  const { clusters, credentials, credentialsLeftOut, faults, now } = merged
  const json = {
    version: VERSION,
    generatedAt: writeTime(now),
    clusters: clusters.map(({ time, ...cluster }) => ({ ...cluster, generatedAt: writeTime(time) })),
    pullSecrets: credentials.map(({ secret, registries, registryCount, clusters, clusterCount, places, expires }) => {
      return { secret, registries, registryCount, clusters, clusterCount, places, expires: writeTime(expires) }
    }),
    pullSecretsLeftOut: credentialsLeftOut,
    notMerged: faults,
    summary: totalsOf(merged),
  }
  return `${visibleJson(json, 2)}\n`
}

/** RFC 3339, or null. */
function writeTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
