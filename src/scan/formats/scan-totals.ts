import { type Scan, totalsOf } from '../scan.ts'

/** How many workloads are fine, and of what: something may not have been read. */
export function sayTotals(scan: Scan): string {
  const { workloads, willNotPull, mayNotPull } = totalsOf(scan)
  const { namespaces, notRead } = scan
  const fine = workloads - willNotPull - mayNotPull
  if (namespaces.length === 0 && notRead.length > 0) return 'Nothing could be read.'
  const read = notRead.length === 0 ? '' : ' that could be read'
  if (workloads === 0)
    return notRead.length === 0 ? 'No workload was found.' : 'No workload was found in what could be read.'
  if (workloads === 1) return `The only workload${read} ${fine === 1 ? 'can pull' : 'is not fine'}.`
  if (fine === workloads) return `All ${workloads} workloads${read} can pull.`
  return `${fine} of ${workloads} workloads${read} ${fine === 1 ? 'is' : 'are'} fine.`
}
