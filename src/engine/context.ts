import type { LiveReads, View } from '../cluster/view.ts'
import type { Rulebook } from '../policy/rulebook.ts'

/** What a review is answered with: the cluster as it is held and as it can be read, the settings, and the time. */
export interface Context {
  readonly view: View
  readonly live: LiveReads
  readonly rulebook: Rulebook
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** How long a review has left, in milliseconds. */
export type TimeLeft = () => number
