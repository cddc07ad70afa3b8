import type { Level } from '../report/level.ts'

/** An object that makes Pods, or a Pod that nothing makes. */
export interface Workload {
  readonly kind: string
  readonly name: string
  /** Pods of it that wait for an image now. */
  readonly waiting: number
}

/** A workload for which a cause holds. */
export interface AffectedWorkload extends Workload {
  /** What to do for it, where that is something else than for the others: its references are at another path. */
  readonly advice?: string
}

/** What is wrong, once, with every workload of a namespace for which it is. */
export interface ScanCause {
  readonly level: Level
  /** A code of docs/findings.md; `WouldInject` for what regcred would add. */
  readonly code: string
  readonly namespace: string
  readonly secret: string | undefined
  readonly problem: string
  /** Empty where there is nothing to do. */
  readonly advice: string
  /** None where only the Secret itself, or the Namespace, is wrong. */
  readonly workloads: readonly AffectedWorkload[]
}

/** A pull secret of which an entry stops to work soon. */
export interface ExpiringSecret {
  readonly namespace: string
  readonly secret: string
  /** Scheme, host, port and path. */
  readonly registry: string
  /** Milliseconds since the epoch. */
  readonly expires: number
  /** Who names it, e.g. `Deployment web`: some of them, and how many there are. */
  readonly named: readonly string[]
  readonly usedBy: number
}

/** A pull secret, and who names it. */
export interface ScannedSecret {
  readonly namespace: string
  readonly secret: string
  /** Scheme, host, port and path of its registry entries: some of them, and how many there are. None where it cannot be read. */
  readonly registries: readonly string[]
  readonly registryCount: number
  /** Milliseconds since the epoch, of the entry that expires first; undefined where none says when. */
  readonly expires: number | undefined
  /** Who names it, e.g. `Deployment web`: some of them, and how many there are; undefined where not all that may name it was read. */
  readonly named: readonly string[]
  readonly usedBy: number | undefined
}

/** A ServiceAccount that lists a Secret that does not exist. */
export interface BrokenAccount {
  readonly namespace: string
  readonly name: string
  readonly secret: string
  /** The name that was probably meant. */
  readonly near: string | undefined
}

/** What is said of one namespace. */
export interface ScannedNamespace {
  readonly namespace: string
  readonly workloads: number
  /** Of the workloads those that will not pull, and those that may not but are not among the first. */
  readonly willNotPull: number
  readonly mayNotPull: number
  /** The configuration, or a label, has it left out. */
  readonly isLeftOut: boolean
  readonly causes: readonly ScanCause[]
  /** Workloads whose Pods wait, while nothing is wrong with their pull secrets. */
  readonly unexplained: readonly Workload[]
  readonly secrets: readonly ScannedSecret[]
  readonly expiring: readonly ExpiringSecret[]
  /** Pull secrets that no ServiceAccount, workload or Pod names; undefined where not all were read. */
  readonly unused: readonly string[] | undefined
  readonly accounts: readonly BrokenAccount[]
}

/** A namespace that could not be read, or not as a whole. */
export interface NotRead {
  readonly namespace: string
  /** One sentence. */
  readonly reason: string
  readonly isForbidden: boolean
}

/** What came of a scan. */
export interface Scan {
  readonly namespaces: readonly ScannedNamespace[]
  readonly notRead: readonly NotRead[]
  /** What keeps the answer from being whole within a namespace, a sentence each. */
  readonly remarks: readonly string[]
  /** Whether every object of the namespaces that were read could be judged; a remark may be about less. */
  readonly isComplete: boolean
  /** What the kubeconfig calls the cluster; undefined where nothing says it. */
  readonly cluster: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What is written besides what is wrong. */
export interface TextOptions {
  /** Characters of a line. */
  readonly width: number
  /** Whether the pull secrets that nobody names are listed. */
  readonly listsUnused: boolean
  /** Whether all is written: notes, and every name and row that would be counted otherwise. */
  readonly isWide: boolean
}

/** Numbers of all namespaces together. */
export interface Totals {
  readonly workloads: number
  readonly willNotPull: number
  readonly mayNotPull: number
  readonly notes: number
  readonly unused: number
}

export function totalsOf({ namespaces }: Pick<Scan, 'namespaces'>): Totals {
  const sum = (of: (one: ScannedNamespace) => number) => namespaces.reduce((all, one) => all + of(one), 0)
  return {
    workloads: sum(({ workloads }) => workloads),
    willNotPull: sum(({ willNotPull }) => willNotPull),
    mayNotPull: sum(({ mayNotPull }) => mayNotPull),
    notes: sum(({ causes }) => causes.filter(({ level }) => level === 'note').length),
    unused: sum(({ unused }) => unused?.length ?? 0),
  }
}
