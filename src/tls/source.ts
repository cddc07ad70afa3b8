import type { Pair } from './pair.ts'

/** A source of certificates: of the first one, and of each that replaces it. */
export interface PairSource {
  /** Begins, and calls `serve` with each pair that is to be served: with the first as soon as there is one, maybe at once. */
  start(serve: (pair: Pair) => void): void
  /** Whether renewal works. While it does not, the last good pair is served. */
  health(): SourceHealth
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>
}

/** How a source of certificates is doing. */
export interface SourceHealth {
  readonly ok: boolean
  /** One line for people. */
  readonly detail: string
}
