import { type Cover, type Keyring, keyringOf } from './coverage.ts'
import type { PodCase } from './facts.ts'
import { atMost, type Effect, worse } from './finding.ts'
import { isMisspelling } from './findings/misspelling.ts'
import type { ImageUse } from './image-use.ts'
import type { Plan } from './plan.ts'
import { namesOf, type Reference } from './reference.ts'

/** An image with what the references do for it. */
export interface JudgedImage extends Cover {
  readonly use: ImageUse
}

/** A Pod as it is judged: with the references that it will have, and what they do for each of its images. */
export interface Judgement {
  readonly pod: PodCase
  /** Each name once. */
  readonly references: readonly Reference[]
  /** The keyring that they make. */
  readonly keyring: Keyring
  /** Images that may have to be pulled and whose names the kubelet can parse. */
  readonly images: readonly JudgedImage[]
  /** The references that a Pod should have been given and was not. */
  readonly lost: Plan['add']
  /** Its author listed pull secrets, and they do nothing for any of its images. */
  readonly ownUseless: boolean
  /** The gravest that lacking credentials can be: a Secret that a template misses may arrive before its Pods, unless it is a lost cause. */
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
export function judge(pod: PodCase, { add }: Plan): Judgement {
  return pod.facts.traits.form === 'stored' ? judgeWith(pod, [], add) : judgeWith(pod, add, [])
}

/** Judges a Pod as it would be where what is only recorded were added. */
export function judgeWithRecorded(pod: PodCase, { wouldAdd }: Plan): Judgement {
  return judgeWith(pod, wouldAdd, [])
}

/**
 * @param given references that it will have beside its own
 * @param lost references that it should have been given and was not
 */
function judgeWith(pod: PodCase, given: Plan['add'], lost: Plan['add']): Judgement {
  const { facts, lookup } = pod
  const { about } = facts.traits
  const isGiven = given.length > 0
  const references = isGiven ? [...facts.references, ...given.map(toReference)] : facts.references
  const keyring = isGiven ? keyringOf(namesOf(references), pod) : pod.listed
  const images = facts.images
    .filter(use => use.pulled && use.name !== undefined)
    .map(use => ({ use, ...keyring.cover(use) }))
  const inWant = images.filter(image => image.use.registryClass === 'private' && isUncovered(image))
  const isFinal = about === 'pod' || facts.inFile?.strict === true
  const missing = isFinal ? NONE_MISSING : namesOf(references).filter(name => lookup.secret(name).state === 'absent')
  const gravest = missing.length === 0 || isLostCause(missing, inWant, pod) ? 'blocks' : 'mayBlock'
  return {
    pod,
    references,
    keyring,
    images,
    lost,
    ownUseless: isOwnUseless(references, images, pod),
    gravest,
    byCoverage: atMost(gravest, images.map(effectOfLack).reduce(worse, 'degrades')),
    privateUncovered: inWant.length > 0,
  }
}

const NONE_MISSING: readonly string[] = []

/**
 * Whether none of the Secrets that a template lacks will arrive. Charts and GitOps often apply a Secret, or what makes it, after
 * what needs it, so that has to be proven of each of them.
 *
 * | `enforce.missingSecrets`, or a dry run | a private image is left | each missing name                    | lost |
 * | -------------------------------------- | ----------------------- | ------------------------------------ | ---- |
 * | any                                    | no                      | any                                  | no   |
 * | never, or a dry run                    | yes                     | any                                  | no   |
 * | always                                 | yes                     | any                                  | yes  |
 * | proven                                 | yes                     | has one near Secret, no more, which covers an image that is left, and is it mistyped: {@link isMisspelling} | yes |
 * | proven                                 | yes                     | anything else                        | no   |
 *
 * Who may not learn of other Secrets could learn of them by being refused, so with `suggestions: none` nothing is proven.
 */
function isLostCause(missing: readonly string[], inWant: readonly JudgedImage[], pod: PodCase): boolean {
  const { missingSecrets, rulebook } = pod.facts
  if (inWant.length === 0 || missingSecrets === 'never') return false
  if (missingSecrets === 'always') return true
  if (rulebook.settings.suggestions === 'none') return false
  return missing.every(name => {
    const near = pod.lookup.nearName(name)
    if (near === undefined || !near.isOnly || !isMisspelling(name, near.name)) return false
    const alone = keyringOf([near.name], pod)
    return inWant.some(({ use }) => alone.covers(use))
  })
}

/**
 * Whether something that could not be read could block: a pull secret that may be missing or broken, an image that
 * nobody may pull without one, or a ServiceAccount for which the nodes may not log in. Where only names of Secrets are
 * received nothing can, and nothing more could be found out.
 */
export function isOpen({ pod, references, images }: Judgement): boolean {
  const { traits, serviceAccount, rulebook } = pod.facts
  if (rulebook.settings.view.secrets === 'names') return false
  if (references.some(({ secret }) => pod.lookup.secret(secret).state === 'unknown')) return true
  const isAccountUnknown = serviceAccount.state === 'unknown'
  if (isAccountUnknown && traits.form === 'written' && references.length === 0) return true
  if (isAccountUnknown && images.some(({ use, coverage }) => use.needs !== undefined && coverage !== 'covered'))
    return true
  return images.some(({ use, coverage }) => use.registryClass === 'private' && coverage === 'unknown')
}

/** What the Pod itself asks for concerns its author; the rest is configuration's. */
function toReference({ secret, source }: Plan['add'][number]): Reference {
  return { secret, origin: source === 'pod' ? 'object' : 'configuration' }
}

/** Asked only where an image is in want: it costs another look at every image. */
function isOwnUseless(references: readonly Reference[], images: readonly JudgedImage[], pod: PodCase): boolean {
  const own = namesOf(references.filter(({ origin }) => origin === 'object'))
  if (own.length === 0 || images.every(({ coverage }) => coverage !== 'uncovered')) return false
  const keyring = keyringOf(own, pod)
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
