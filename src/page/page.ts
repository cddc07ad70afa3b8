import type { Level } from '../report/level.ts'

/** How grave a thing is, for colours and for the filter. */
export type Grade = Level | 'expiring'

/** A number with what it counts, e.g. 3 and `workloads will not pull`. */
export interface Tile {
  readonly number: number
  readonly words: string
  /** Whether the number is bad news if there is any. */
  readonly grade: Grade | 'none'
}

/** One cause, with what to do. */
export interface Card {
  readonly grade: Grade
  /** The grade in words. */
  readonly label: string
  readonly problem: string
  /** The namespace, or the cluster and the namespace. */
  readonly where: string
  /** What the filter knows it by. */
  readonly group: string
  /** Empty where no workload depends on it. */
  readonly workloads: string
  /** Empty where there is nothing to say. */
  readonly advice: string
  /** A command that can be pasted into a shell; empty where there is none. */
  readonly command: string
  readonly code: string
  /** Of the documentation; undefined for a code that is not ours. */
  readonly link: string | undefined
}

/** A row of a table. */
export interface Row {
  /** What the filter knows it by; one row may be of several. */
  readonly groups: readonly string[]
  readonly grade: Grade | 'none'
  readonly cells: readonly string[]
}

export interface Table {
  readonly id: string
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly Row[]
  /** Where the rest is, or what it means that there is no row. */
  readonly after: string
}

/** A file that the page holds, to be saved. */
export interface Download {
  readonly file: string
  readonly label: string
  readonly text: string
}

/** All that a page says, in the order in which it says it. */
export interface Page {
  /** What came of it, in one sentence. */
  readonly verdict: string
  readonly grade: 'bad' | 'doubtful' | 'good'
  /** Of what it is, and when. */
  readonly subject: string
  readonly tiles: readonly Tile[]
  /** The most urgent first. */
  readonly cards: readonly Card[]
  /** Where those are that are left out; empty where none is. */
  readonly moreCards: string
  /** What a group is, and all there are. */
  readonly groups: { readonly label: string; readonly names: readonly string[] }
  readonly tables: readonly Table[]
  /** What the page does not know, a sentence each. */
  readonly unknown: readonly string[]
  /** How it was made, a sentence each. */
  readonly made: readonly string[]
  readonly downloads: readonly Download[]
}
