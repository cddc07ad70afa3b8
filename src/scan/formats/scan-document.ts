import type { Level } from '../../report/level.ts'
import { visible } from '../../runtime/visible.ts'
import { type Scan, type Totals, totalsOf, type Workload } from '../scan.ts'

/** The version of the contract below; it grows by fields, and changes its number if one goes or means something else. */
const VERSION = 1

/** A cause as programs have it. */
export interface CauseDocument {
  readonly level: Level
  readonly code: string
  readonly namespace: string
  readonly secret: string | null
  readonly message: string
  readonly advice: string
  readonly workloads: readonly Workload[]
}

/** A pull secret as programs have it. */
export interface SecretDocument {
  readonly namespace: string
  readonly secret: string
  readonly registries: readonly string[]
  readonly registryCount: number
  /** RFC 3339. */
  readonly expires: string | null
  readonly named: readonly string[]
  readonly usedBy: number | null
}

/** What came of a scan as programs have it: the stable contract that docs/scan.md describes. Sentences are visible, names are as they are. */
export interface ScanDocument {
  readonly version: typeof VERSION
  readonly cluster: string | null
  /** RFC 3339. */
  readonly generatedAt: string
  readonly namespaces: readonly {
    readonly namespace: string
    readonly workloads: number
    readonly willNotPull: number
    readonly mayNotPull: number
    readonly leftOut: boolean
  }[]
  readonly causes: readonly CauseDocument[]
  readonly waiting: readonly (Workload & { readonly namespace: string })[]
  readonly secrets: readonly SecretDocument[]
  readonly expiring: readonly {
    readonly namespace: string
    readonly secret: string
    readonly registry: string
    readonly expires: string
    readonly usedBy: number
  }[]
  readonly unused: readonly { readonly namespace: string; readonly secret: string }[]
  readonly serviceAccounts: readonly {
    readonly namespace: string
    readonly name: string
    readonly secret: string
    readonly suggestion: string | null
  }[]
  readonly notRead: readonly { readonly namespace: string; readonly forbidden: boolean; readonly reason: string }[]
  readonly remarks: readonly string[]
  readonly summary: Totals
}

export function documentOf(scan: Scan): ScanDocument {
  const { namespaces, notRead, remarks, cluster, now } = scan
  return {
    version: VERSION,
    cluster: cluster ?? null,
    generatedAt: writeTime(now),
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
    secrets: namespaces.flatMap(({ secrets }) =>
      secrets.map(({ namespace, secret, registries, registryCount, expires, named, usedBy }) => ({
        ...{ namespace, secret, registries, registryCount },
        ...{ expires: expires === undefined ? null : writeTime(expires), named, usedBy: usedBy ?? null },
      })),
    ),
    expiring: namespaces.flatMap(({ expiring }) =>
      expiring.map(({ namespace, secret, registry, expires, usedBy }) => ({
        ...{ namespace, secret, registry, expires: writeTime(expires), usedBy },
      })),
    ),
    unused: namespaces.flatMap(({ namespace, unused = [] }) => unused.map(secret => ({ namespace, secret }))),
    serviceAccounts: namespaces.flatMap(({ accounts }) =>
      accounts.map(({ namespace, name, secret, near }) => ({ namespace, name, secret, suggestion: near ?? null })),
    ),
    notRead: notRead.map(({ namespace, reason, isForbidden }) => {
      return { namespace, forbidden: isForbidden, reason: visible(reason) }
    }),
    remarks: remarks.map(visible),
    summary: totalsOf(scan),
  }
}

/** RFC 3339. */
function writeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
