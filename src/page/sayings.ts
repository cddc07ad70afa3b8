import type { Grade, Page } from './page.ts'

/** Causes that a page has a card for: a page is for people. */
export const MAX_CARDS = 100
/** Rows of a table of a page. */
export const MAX_TABLE_ROWS = 300
/** Groups that a filter knows. */
export const MAX_GROUPS = 2000
/** Characters of a file that a page holds to be saved. */
export const MAX_DOWNLOAD_LENGTH = 1024 * 1024

export const LABELS = {
  error: 'Will not pull',
  warning: 'May not pull',
  expiring: 'Expires',
  note: 'Note',
} as const satisfies Record<Grade, string>

const RANK = { error: 0, warning: 1, expiring: 2, note: 3 } as const satisfies Record<Grade, number>

/** Sorts the most urgent first: by grade, then by how many Pods wait, then by how many workloads it is about. */
export function mostUrgentFirst<T extends { readonly grade: Grade; readonly weight: number }>(
  found: readonly T[],
): readonly T[] {
  return found.toSorted((a, b) => RANK[a.grade] - RANK[b.grade] || b.weight - a.weight)
}

/** A number of things, as pages write them, e.g. `5,000 workloads`: what is counted is a word that takes an s. */
export function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`
}

/** What came of it, in one sentence, and how good it is. */
export function sayVerdict(
  { workloads, willNotPull, mayNotPull }: Readonly<Record<'workloads' | 'willNotPull' | 'mayNotPull', number>>,
  isWhole: boolean,
): Pick<Page, 'verdict' | 'grade'> {
  if (willNotPull > 0) return { verdict: `${count(willNotPull, 'workload')} will not pull`, grade: 'bad' }
  if (mayNotPull > 0) return { verdict: `${count(mayNotPull, 'workload')} may not pull`, grade: 'doubtful' }
  if (!isWhole) return { verdict: `Nothing found, but not everything was read`, grade: 'doubtful' }
  if (workloads === 0) return { verdict: 'No workload was found', grade: 'doubtful' }
  return {
    verdict: workloads === 1 ? 'The workload can pull' : `All ${count(workloads, 'workload')} can pull`,
    grade: 'good',
  }
}

/** A sentence of what reads on from a name elsewhere. */
export function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** E.g. `28 November 2026, 12:30 UTC`. */
export function sayTime(milliseconds: number): string {
  return `${TIME.format(milliseconds).replace(' at ', ', ')} UTC`
}

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** What nobody who reads a cluster can know. */
export const NEVER_KNOWN: readonly string[] = [
  'Whether a password is right: no registry was asked. One may be wrong, revoked, or of a user who may not pull.',
  'When most passwords expire: only some tokens say it.',
  'Which images a node already holds. A Pod may start with one of these although its pull secrets are wrong.',
  'Who else uses a pull secret. One that nothing names may belong to a node plugin, an operator or a build: look before you delete it.',
]
