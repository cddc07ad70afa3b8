import { type Cover, type Keyring, keyringOf } from './coverage.ts'
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
  /** Each name once. */
  readonly references: readonly Reference[]
  /** The keyring that they make. */
  readonly keyring: Keyring
  /** Images that may have to be pulled and whose names the kubelet can parse. */
  readonly images: readonly JudgedImage[]
  /** The references that a Pod should have been given and was not. */
  readonly lost: Plan['add']
  /** A listed Secret cannot be parsed, and so the kubelet has no keyring at all. */
  readonly broken: boolean
  /** Its author listed pull secrets, and they do nothing for any of its images. */
  readonly ownUseless: boolean
  /** The gravest that lacking credentials can be: a Secret that a template misses may arrive before its Pods. */
  readonly gravest: Effect
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
  const isGiven = facts.form !== 'stored' && plan.add.length > 0
  const references = isGiven ? [...facts.references, ...plan.add.map(toReference)] : facts.references
  const names = references.map(reference => reference.secret)
  const keyring = isGiven ? keyringOf(names, facts) : facts.listed
  const images = facts.images
    .filter(use => use.pulled && use.name !== undefined)
    .map(use => ({ use, ...keyring.cover(use) }))
  const states = names.map(name => facts.secret(name))
  const mayArrive = facts.about === 'template' && states.some(({ state }) => state === 'absent')
  const gravest = mayArrive ? 'mayBlock' : 'blocks'
  // What is not to be said of a Pod takes the place of nothing else.
  const { ignore } = facts.rulebook.settings
  return {
    facts,
    references,
    keyring,
    images,
    lost: facts.form === 'stored' && !ignore.includes('NotInjected') ? plan.add : [],
    broken:
      !ignore.includes('SecretMalformed') &&
      states.some(state => state.state === 'value' && state.value.kind === 'malformed'),
    ownUseless: isOwnUseless(references, images, facts),
    gravest,
    byCoverage: atMost(gravest, images.map(effectOfLack).reduce(worse, 'degrades')),
    privateUncovered: images.some(image => image.use.registryClass === 'private' && isUncovered(image)),
  }
}

/** What the Pod itself asks for concerns its author; the rest is configuration's. */
function toReference({ secret, source }: Plan['add'][number]): Reference {
  return { secret, origin: source === 'pod' ? 'object' : 'configuration' }
}

/** Asked only where an image is in want: it costs another look at every image. */
function isOwnUseless(references: readonly Reference[], images: readonly JudgedImage[], facts: PodFacts): boolean {
  const own = references.filter(({ origin }) => origin === 'object').map(({ secret }) => secret)
  if (own.length === 0 || images.every(({ coverage }) => coverage !== 'uncovered')) return false
  const keyring = keyringOf(own, facts)
  return images.every(({ use }) => keyring.cover(use).coverage === 'uncovered')
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
  return registryClass === 'private' && image.coverage === 'uncovered' ? 'blocks' : 'mayBlock'
}
