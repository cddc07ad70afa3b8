import { nearMiss } from '../../kubelet/near-miss.ts'
import { keyringOf } from '../coverage.ts'
import { atMost, type Effect, type Finding, kindOf } from '../finding.ts'
import type { ImageUse } from '../image-use.ts'
import type { JudgedImage, Judgement } from '../judgement.ts'

/**
 * ImageNotCovered: all references are known, every one can be parsed, and none covers the image.
 *
 * @param before what has been found, some of which is told instead
 */
export function findUncoveredImages(judgement: Judgement, before: readonly Finding[]): Finding[] {
  if (breaksKeyring(before)) return []
  const instead = before.filter(({ code }) => kindOf(code).insteadOfNoCover === 'itsImages')
  const lost = keyringOf(
    instead.flatMap(({ secret }) => secret ?? []),
    judgement.pod,
  )
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
    ...((i < MAX_EXPLAINED_IMAGES ? findCause(use, judgement) : undefined) ?? advise(use, judgement)),
  }))
}

/** To find a cause all entries are looked at for each image; nobody reads so many messages. */
const MAX_EXPLAINED_IMAGES = 100

/** Whether it has been found that the kubelet has no keyring at all. */
export function breaksKeyring(found: readonly Finding[]): boolean {
  return found.some(({ code }) => kindOf(code).insteadOfNoCover === 'everyImage')
}

/**
 * | image, uncovered by all references                                    | effect                                 |
 * | --------------------------------------------------------------------- | -------------------------------------- |
 * | private                                                               | blocks; mayBlock if one may yet arrive |
 * | unlisted, and what the object itself wrote covers none of its images  | mayBlock                               |
 * | anything else, or a reference is unknown                              | none                                   |
 */
export function effectOfNoCover({ use, coverage }: JudgedImage, judgement: Judgement): Effect | undefined {
  if (coverage !== 'uncovered') return undefined
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
function findDisplaced(use: ImageUse, { pod, references }: Judgement): string | undefined {
  const { facts } = pod
  if (facts.serviceAccount.state !== 'value' || references.every(({ origin }) => origin !== 'object')) return undefined
  const accounts = facts.serviceAccount.value.references
  return accounts.find(name => keyringOf([name], pod).covers(use))
}

function enumerate(references: Judgement['references']): string {
  const quoted = references.slice(0, MAX_NAMED_SECRETS).map(({ secret }) => `"${secret}"`)
  const more = references.length - quoted.length
  return more === 0 ? quoted.join(', ') : `${quoted.join(', ')} and ${more} more`
}

/** More names than these make a message that nobody reads. */
const MAX_NAMED_SECRETS = 3
