import type { Rulebook } from '../policy/rulebook.ts'
import type { FruitlessReads } from './fruitless.ts'
import type { LiveReads, View } from './view.ts'

/** Where facts come from. */
export interface Sources {
  readonly view: View
  readonly live: LiveReads
  readonly fruitless: FruitlessReads
  readonly rulebook: Rulebook
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** How long a review has left, in milliseconds. */
export type TimeLeft = () => number
