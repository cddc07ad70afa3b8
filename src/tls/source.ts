import type { Pair } from './pair.ts'

/** Where certificates come from, and keep coming from. */
export interface PairSource {
  /** Begins, and tells of each pair that is to be served from then on: the first as soon as there is one, in the same turn or later. */
  start(serve: (pair: Pair) => void): void
  /** Whether the next pair will come as far as can be seen; what is served stays the last good one in any case. */
  health(): SourceHealth
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>
}

export interface SourceHealth {
  readonly ok: boolean
  /** One line for people. */
  readonly detail: string
}
