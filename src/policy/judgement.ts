import { type Cover, coverImage } from './coverage.ts'
import type { ImageUse, PodFacts, Reference } from './facts.ts'
import { atMost, type Effect, worse } from './finding.ts'
import type { Plan } from './plan.ts'

/** An image with what the references do for it. */
export interface JudgedImage extends Cover {
  readonly use: ImageUse
}

/** A Pod as it is judged: with the references that it will have, and what they do for each of its images. */
export interface Judgement {
  readonly facts: PodFacts
  /** Each name once; an empty name is skipped, as the kubelet does. */
  readonly references: readonly Reference[]
  /** Images that may have to be pulled and whose names the kubelet can parse. */
  readonly images: readonly JudgedImage[]
  /** The references that a Pod should have been given and was not. */
  readonly lost: Plan['add']
  /** The effect of a reference that gives nothing, by the coverage of all images. */
  readonly byCoverage: Effect
  /** Whether an image of class private is not covered. */
  readonly privateUncovered: boolean
}

/**
 * Puts the facts and the plan together: a Pod that is still to be made will have the plan, while one that is about to be
 * stored has what it has, and a plan that is not on it was lost.
 */
export function judge(facts: PodFacts, plan: Plan): Judgement {
  const planned = plan.add.map(({ secret, source }) => ({
    secret,
    origin: source === 'pod' ? ('object' as const) : ('configuration' as const),
  }))
  const references = uniqueByName(facts.form === 'stored' ? facts.references : [...facts.references, ...planned])
  const names = references.map(reference => reference.secret)
  const images = facts.images
    .filter(use => use.pulled && use.name !== undefined)
    .map(use => ({ use, ...coverImage(use, names, facts) }))
  return {
    facts,
    references,
    images,
    lost: facts.form === 'stored' ? plan.add : [],
    byCoverage: images.map(effectOfLack).reduce(worse, 'degrades'),
    privateUncovered: images.some(image => image.use.registryClass === 'private' && isUncovered(image)),
  }
}

/** Whether the references give an image nothing, as far as is known. */
function isUncovered({ coverage }: Cover): boolean {
  return coverage === 'uncovered' || coverage === 'unknown'
}

/**
 * | image          | covered, or only expired | uncovered | a reference is unknown |
 * | -------------- | ------------------------ | --------- | ---------------------- |
 * | public, node   | degrades                 | degrades  | degrades               |
 * | private        | degrades                 | blocks    | mayBlock               |
 * | mixed, unlisted| degrades                 | mayBlock  | mayBlock               |
 */
function effectOfLack(image: JudgedImage): Effect {
  const { registryClass } = image.use
  if (!isUncovered(image) || registryClass === 'public' || registryClass === 'node') return 'degrades'
  return atMost(
    image.coverage === 'unknown' ? 'mayBlock' : 'blocks',
    registryClass === 'private' ? 'blocks' : 'mayBlock',
  )
}

function uniqueByName(references: readonly Reference[]): Reference[] {
  const seen = new Map<string, Reference>()
  for (const reference of references) {
    if (reference.secret !== '' && !seen.has(reference.secret)) seen.set(reference.secret, reference)
  }
  return [...seen.values()]
}
