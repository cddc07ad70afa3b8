import type { Advice, Told } from '../../advice/advice.ts'
import { whereIn } from '../../advice/home.ts'
import { listAnother, listSecret } from '../../advice/on-objects.ts'
import { completeEntry, correctRegistry } from '../../advice/on-secrets.ts'
import type { Entry } from '../../kubelet/entry.ts'
import { parseKey } from '../../kubelet/key.ts'
import { keyThatWouldWork, type NearMiss, nearMiss } from '../../kubelet/near-miss.ts'
import { registryOf } from '../../kubelet/registry-name.ts'
import type { PullSecret } from '../../kubelet/secret.ts'
import { present } from '../../runtime/present.ts'
import { keyringOf } from '../coverage.ts'
import { atMost, type Effect, type Finding, kindOf } from '../finding.ts'
import type { ImageUse } from '../image-use.ts'
import type { JudgedImage, Judgement } from '../judgement.ts'
import { describeNeeds } from '../registries/node-entry.ts'
import { displacedFinder, MAX_EXPLAINED_IMAGES, OWN_LIST } from './displaced.ts'
import { explainLack } from './lack.ts'
import { findMeantEntry } from './mixed-registry.ts'
import { findOffered, tellOffer } from './offered.ts'
import { describeUselessKey } from './secret.ts'
import { whereToList } from './where.ts'

/**
 * ImageNotCovered: all references are known, every one can be parsed, and none covers the image.
 *
 * @param before what has been found, some of which is told instead
 */
export function findUncoveredImages(judgement: Judgement, before: readonly Finding[]): Finding[] {
  if (breaksKeyring(before)) return []
  const instead = before.filter(({ code }) => kindOf(code).insteadOfNoCover === 'itsImages')
  const lost = keyringOf(
    instead.map(({ secret }) => present(secret)),
    judgement.pod,
  )
  const findDisplaced = displacedFinder(judgement)
  const uncovered = judgement.images.flatMap((image, i): Uncovered[] => {
    if (lost.covers(image.use)) return []
    const isLookedAt = i < MAX_EXPLAINED_IMAGES
    const offered = isLookedAt ? findOffered(image, judgement) : undefined
    if (image.coverage !== 'uncovered' && offered === undefined) return []
    const displaced = isLookedAt ? findDisplaced(image.use) : undefined
    const meant = isLookedAt ? findMeantEntry(image, judgement) : undefined
    const effect = effectOfNoCover(image, judgement) ?? (meant ? 'mayBlock' : (displaced ?? offered)?.effect)
    return effect === undefined
      ? []
      : [{ image, effect, displaced: displaced?.secret, meant, offered: offered?.secret }]
  })
  const listed = uncovered.length === 0 ? '' : describeReferences(judgement)
  const another = listAnother(whereToList(judgement, undefined), listed === '')
  return uncovered.map((found, i) => ({
    code: 'ImageNotCovered',
    effect: found.effect,
    container: found.image.use.container,
    image: found.image.use.image,
    origin: 'object',
    affectsPrivate: found.image.use.registryClass === 'private',
    ...withNeeds(
      found.image.use,
      (i < MAX_EXPLAINED_IMAGES ? findCause(found, judgement) : undefined) ??
        tellNoCause(found.image.use, listed, another),
    ),
  }))
}

/** Says why the nodes, which log in there for others, do not for this Pod. */
function withNeeds({ needs }: ImageUse, explanation: Explanation): Explanation {
  if (needs === undefined) return explanation
  const why = `without ${describeNeeds(needs)} on its ServiceAccount the nodes do not log in`
  return { ...explanation, problem: `${why}, and ${explanation.problem}` }
}

/** An image that is to be told of, and what has been found out about it. */
interface Uncovered {
  readonly image: JudgedImage
  readonly effect: Effect
  readonly displaced: string | undefined
  readonly offered: string | undefined
  readonly meant: NearMiss<PullSecret> | undefined
}

/** Whether it has been found that the kubelet has no keyring at all. */
export function breaksKeyring(found: readonly Finding[]): boolean {
  return found.some(({ code }) => kindOf(code).insteadOfNoCover === 'everyImage')
}

/**
 * | image, uncovered by all references                                    | effect                                 |
 * | --------------------------------------------------------------------- | -------------------------------------- |
 * | private                                                               | blocks; mayBlock if one may yet arrive |
 * | unlisted, and what the object itself wrote covers none of its images  | mayBlock                               |
 * | mixed, if an entry was plainly meant for it: findMeantEntry            | mayBlock                               |
 * | not public, if the ServiceAccount has what would cover it: displacedFinder | mayBlock, or degrades               |
 * | in a file, and a pull secret of the files would cover it: findOffered | mayBlock, or degrades                  |
 * | anything else, or a reference is unknown                              | none                                   |
 */
export function effectOfNoCover({ use, coverage }: JudgedImage, judgement: Judgement): Effect | undefined {
  if (coverage !== 'uncovered') return undefined
  if (use.registryClass === 'private') return atMost(judgement.gravest, 'blocks')
  return use.registryClass === 'unlisted' && judgement.ownUseless ? 'mayBlock' : undefined
}

type Explanation = Pick<Finding, 'problem' | 'advice' | 'suggestion'>

/** The most helpful thing that can be said: the displaced ServiceAccount, the entry that lacks something, the near miss. */
function findCause({ image, displaced, meant, offered }: Uncovered, judgement: Judgement): Explanation | undefined {
  if (!mayExplain(judgement)) return undefined
  const { use, credentials } = image
  if (displaced !== undefined) {
    const { home, namespace } = judgement.pod.facts
    return {
      problem: `"${displaced}" of its ServiceAccount would work for "${use.image}", ${OWN_LIST}`,
      advice: listSecret(displaced, whereIn(home, namespace)),
      suggestion: { of: 'secret', text: displaced },
    }
  }
  if (offered !== undefined) {
    return { ...tellOffer(offered, use.image, judgement), suggestion: { of: 'secret', text: offered } }
  }
  const [empty] = credentials
  if (empty !== undefined) return { problem: describeEmpty(empty, use.image), advice: completeEntry(false) }
  const near = meant ?? (use.name && nearMiss(judgement.keyring.secrets, use.name, judgement.pod.budget.explanations))
  if (near !== undefined) {
    const { secret, entry, instead } = near
    return {
      problem: describeNearMiss(secret.name, entry.key, use.image),
      advice: correctRegistry(instead),
      suggestion: { of: 'key', text: instead },
    }
  }
  return undefined
}

/** Whether who asked may learn of other Secrets, and what registries Secrets are for. */
function mayExplain({ pod }: Judgement): boolean {
  return pod.facts.rulebook.settings.suggestions !== 'none'
}

/** An entry that matches an image and does not cover it has no credentials in it. */
function describeEmpty({ secret, entry }: JudgedImage['credentials'][number], image: string): string {
  const lack = explainLack(entry, secret.store)
  return `the entry for "${image}" in Secret "${secret.name}" ${lack}`
}

function describeNearMiss(secret: string, key: string, image: string): string {
  // What does not parse may hold anything, so nobody but the writer of the Secret reads it.
  if (keyThatWouldWork(key) !== undefined && parseKey(key) !== undefined) return describeUselessKey(secret, key)
  const registry = registryOf(key)
  return registry === undefined
    ? `an entry of Secret "${secret}" is nearly for "${image}"`
    : `Secret "${secret}" is for "${registry}", not for "${image}"`
}

/** What to do, where no cause is known. */
function tellNoCause({ image }: ImageUse, listed: string, advice: Advice): Told {
  const problem =
    listed === ''
      ? `no pull secret is listed, and "${image}" needs one`
      : `none of its pull secrets has credentials for "${image}" (${listed})`
  return { problem, advice }
}

/** The references, and what the first of them are for: `"a" is for docker.io and others, "b", "c", and 2 more`. */
function describeReferences(judgement: Judgement): string {
  const { pod, references, keyring } = judgement
  const named = references.slice(0, MAX_NAMED)
  const registriesOfEach = Math.floor(MAX_NAMED / named.length)
  const { explanations } = pod.budget
  const described = named.map(({ secret }) => {
    const entries = keyring.secrets.find(({ name }) => name === secret)?.entries ?? []
    const isTold =
      mayExplain(judgement) && explanations.spend(keyring.secrets.length + entries.length + READ_KEYS_STEPS)
    const registries = isTold ? describeRegistries(entries, registriesOfEach) : ''
    return `"${secret}"${registries === '' ? '' : ` is for ${registries}`}`
  })
  const more = references.length - named.length
  return `${described.join(', ')}${more === 0 ? '' : `, and ${more} more`}`
}

function describeRegistries(entries: readonly Entry[], most: number): string {
  const usable = entries.filter(entry => entry.usable)
  const registries = new Set(usable.slice(0, MAX_READ_KEYS).flatMap(({ key }) => registryOf(key) ?? []))
  const named = [...registries].slice(0, most)
  const isAll = registries.size === named.length && usable.length <= MAX_READ_KEYS
  return `${named.join(', ')}${isAll || named.length === 0 ? '' : ' and others'}`
}

/** Secrets, and registries of theirs, that a message names: nobody reads more. */
const MAX_NAMED = 3
/** Entries of a Secret in which registries to name are looked for: it may hold thousands. */
const MAX_READ_KEYS = 16
/** What it costs to read the registries in so many keys, however they are written. */
const READ_KEYS_STEPS = 2000
