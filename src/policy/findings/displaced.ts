import { hasPath } from '../../kubelet/specificity.ts'
import { type Keyring, keyringOf } from '../coverage.ts'
import type { Effect } from '../finding.ts'
import type { ImageUse } from '../image-use.ts'
import type { Judgement } from '../judgement.ts'

/** Images of a Pod for which it is looked for what would help them; nobody reads more messages. */
export const MAX_EXPLAINED_IMAGES = 100

/** Why such a pull secret is of no use, behind what it would do. */
export const OWN_LIST = 'but a Pod with its own imagePullSecrets ignores it'

/** A pull secret that the Pod would have been given, had its author not written a list of its own. */
export interface Displaced {
  readonly secret: string
  /** The effect of that an image is left without it, for what configuration does not call private. */
  readonly effect: Effect | undefined
}

/**
 * Finds the ServiceAccount's pull secret that would cover an image, and that the Pod's own list displaced.
 *
 * | image, uncovered | the entry that would cover it | effect   |
 * | ---------------- | ----------------------------- | -------- |
 * | public, node     | any                           | none     |
 * | mixed            | has a path                    | mayBlock |
 * | mixed            | has none                      | degrades |
 * | unlisted         | any                           | mayBlock |
 *
 * Looking for it is no part of what blocks, so it is paid for by the steps for explanations.
 */
export function displacedFinder({ pod, references }: Judgement): (use: ImageUse) => Displaced | undefined {
  const { serviceAccount } = pod.facts
  const ownsList = references.some(({ origin }) => origin === 'object')
  const names = serviceAccount.state === 'value' && ownsList ? serviceAccount.value.references : []
  const listed = new Set(references.map(({ secret }) => secret))
  const explaining = { ...pod, budget: pod.budget.explanations }
  const keyrings = new Map<string, Keyring>()
  return use => {
    for (const secret of names) {
      if (listed.has(secret)) continue
      const keyring = keyrings.get(secret) ?? keyringOf([secret], explaining)
      keyrings.set(secret, keyring)
      const { coverage, credentials } = keyring.cover(use)
      const key = credentials.find(({ entry }) => entry.usable)?.entry.key
      if (coverage === 'covered' && key !== undefined) return { secret, effect: effectOf(use, key) }
    }
    return undefined
  }
}

function effectOf({ registryClass }: ImageUse, key: string): Effect | undefined {
  if (registryClass === 'public' || registryClass === 'node') return undefined
  return registryClass === 'mixed' && !hasPath(key) ? 'degrades' : 'mayBlock'
}
