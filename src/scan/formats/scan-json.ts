import { visible, visibleJson } from '../../runtime/visible.ts'
import { type Scan, totalsOf } from '../scan.ts'

/** The version of the contract below; it grows by fields, and changes its number if one goes or means something else. */
const VERSION = 1

/** Writes what came of a scan as JSON: a stable contract, described in docs/scan.md. */
export function writeScanJson(scan: Scan): string {
  const { namespaces, notRead } = scan
  const json = {
    version: VERSION,
    namespaces: namespaces.map(({ namespace, workloads, willNotPull, mayNotPull, isLeftOut }) => {
      return { namespace, workloads, willNotPull, mayNotPull, leftOut: isLeftOut }
    }),
    causes: namespaces.flatMap(({ causes }) =>
      causes.map(({ level, code, namespace, secret, problem, advice, workloads }) => ({
        ...{ level, code, namespace, secret: secret ?? null },
        // For people, whoever prints it; all else is as it is.
        ...{ message: visible(problem), advice: visible(advice) },
        workloads,
      })),
    ),
    waiting: namespaces.flatMap(({ namespace, unexplained }) => unexplained.map(one => ({ namespace, ...one }))),
    expiring: namespaces.flatMap(({ expiring }) =>
      expiring.map(({ namespace, secret, registry, expires, usedBy }) => ({
        ...{ namespace, secret, registry, expires: new Date(expires).toISOString(), usedBy },
      })),
    ),
    unused: namespaces.flatMap(({ namespace, unused = [] }) => unused.map(secret => ({ namespace, secret }))),
    serviceAccounts: namespaces.flatMap(({ accounts }) =>
      accounts.map(({ namespace, name, secret, near }) => ({ namespace, name, secret, suggestion: near ?? null })),
    ),
    notRead: notRead.map(({ namespace, reason, isForbidden }) => {
      return { namespace, forbidden: isForbidden, reason: visible(reason) }
    }),
    summary: totalsOf(scan),
  }
  return `${visibleJson(json, 2)}\n`
}
