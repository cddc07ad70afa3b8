import type { LiveReads, View } from '../cluster/view.ts'
import type { ImageName } from '../kubelet/image-name.ts'
import type { NearName, PodFacts } from '../policy/facts.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { MissingSecrets } from '../policy/settings.ts'

/** The context in which a review is answered: the cache and the live reads of the cluster, the settings, and the time. */
export interface Context {
  readonly view: View
  readonly live: LiveReads
  readonly rulebook: Rulebook
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The images of all objects, each once, where these are all there is to know of. */
  readonly otherImages?: readonly ImageName[]
  /** Where the objects are files that are judged as they are written, and whether what these do not hold is absent. */
  readonly inFile?: PodFacts['inFile']
  /** By namespace and missing name, where what is in a namespace never changes: many objects may miss the same. */
  readonly nearNames?: Map<string, NearName | undefined>
  /** In place of what is configured. */
  readonly missingSecrets?: MissingSecrets
}

/** How long a review has left, in milliseconds. */
export type TimeLeft = () => number
