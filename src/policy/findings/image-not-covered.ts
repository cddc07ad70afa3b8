import { nearMiss } from '../../registry/near-miss.ts'
import { keyringOf } from '../coverage.ts'
import type { ImageUse } from '../facts.ts'
import { atMost, type Effect, type Finding } from '../finding.ts'
import type { JudgedImage, Judgement } from '../judgement.ts'

/** ImageNotCovered: all references are known, every one can be parsed, and none covers the image. */
export function findUncoveredImages(judgement: Judgement): Finding[] {
  const lost = keyringOf(namesOf(judgement.lost), judgement.facts)
  const uncovered = judgement.images.flatMap(image => {
    const effect = effectOfNoCover(image, judgement)
    return effect === undefined || lost.covers(image.use) ? [] : [{ use: image.use, effect }]
  })
  return uncovered.map(({ use, effect }, i) => ({
    code: 'ImageNotCovered',
    effect,
    container: use.container,
    image: use.image,
    origin: 'object',
    affectsPrivate: use.registryClass === 'private',
    ...((i < MOST_EXPLAINED ? findCause(use, judgement) : undefined) ?? advise(use, judgement)),
  }))
}

/** To find a cause all entries are looked at for each image; nobody reads so many messages. */
const MOST_EXPLAINED = 100

/**
 * | image, uncovered by all references                                    | effect                                 |
 * | --------------------------------------------------------------------- | -------------------------------------- |
 * | private                                                               | blocks; mayBlock if one may yet arrive |
 * | unlisted, and what the object itself wrote covers none of its images  | mayBlock                               |
 * | anything else, or a reference is unknown or breaks the keyring        | none                                   |
 */
export function effectOfNoCover({ use, coverage }: JudgedImage, judgement: Judgement): Effect | undefined {
  if (coverage !== 'uncovered' || judgement.broken) return undefined
  if (use.registryClass === 'private') return atMost(judgement.gravest, 'blocks')
  return use.registryClass === 'unlisted' && judgement.ownUseless ? 'mayBlock' : undefined
}

interface Explanation {
  readonly message: string
  readonly suggestion?: string
}

/** The most helpful thing that can be said, in this order: the displaced ServiceAccount, the near miss. */
function findCause(use: ImageUse, judgement: Judgement): Explanation | undefined {
  const displaced = findDisplaced(use, judgement)
  if (displaced !== undefined) {
    const owner = `ServiceAccount's "${displaced}" would cover it`
    return {
      message: `no pull secret of its own covers image "${use.image}"; the ${owner}: list it too, a Pod's own list replaces it`,
      suggestion: displaced,
    }
  }
  const near = use.name && nearMiss(judgement.keyring.secrets, use.name)
  if (near !== undefined) {
    const { secret, entry, instead } = near
    return {
      message: `no pull secret covers image "${use.image}"; entry "${entry.key}" of "${secret.name}" nearly does: use "${instead}"`,
      suggestion: instead,
    }
  }
  return undefined
}

/** What to do, where no cause is known. */
function advise(use: ImageUse, { references }: Judgement): Explanation {
  const none = references.length === 0 ? 'there is none' : `not ${enumerate(references)}`
  return {
    message: `no pull secret covers image "${use.image}" (${none}); add one, or list the registry under registries.node`,
  }
}

/** The ServiceAccount's pull secret that would cover the image, had the Pod not brought a list of its own. */
function findDisplaced(use: ImageUse, { facts, references }: Judgement): string | undefined {
  if (facts.serviceAccount.state !== 'value' || references.every(({ origin }) => origin !== 'object')) return undefined
  const accounts = facts.serviceAccount.value.references
  return accounts.find(name => keyringOf([name], facts).covers(use))
}

function enumerate(references: Judgement['references']): string {
  const quoted = references.slice(0, MOST_NAMED).map(({ secret }) => `"${secret}"`)
  const more = references.length - quoted.length
  return more === 0 ? quoted.join(', ') : `${quoted.join(', ')} and ${more} more`
}

/** More names than these make a message that nobody reads. */
const MOST_NAMED = 3

function namesOf(references: readonly { readonly secret: string }[]): string[] {
  return references.map(({ secret }) => secret)
}
