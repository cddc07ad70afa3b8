import { whereIn } from '../advice/home.ts'
import { listSecret } from '../advice/on-objects.ts'
import type { ImageName } from '../kubelet/image-name.ts'
import { KubeletKeyring } from '../kubelet/keyring.ts'
import { hasPath } from '../kubelet/specificity.ts'
import { present } from '../runtime/present.ts'
import type { PodCase } from './facts.ts'
import { type Effect, type Finding, kindOf } from './finding.ts'
import type { ImageUse } from './image-use.ts'
import { namesOf } from './reference.ts'

/** An object as its siblings see it: what it lists by itself. */
export interface Sibling {
  /** Tells the objects of one application in one namespace from all others. */
  readonly application: string
  readonly references: readonly string[]
}

/** What the objects of an application list that pull from one place. */
interface Place {
  objects: number
  /** How many of them list a Secret. */
  readonly lists: Map<string, number>
  /** Those that all but one list; made when all have been counted. */
  missedOnce?: readonly string[]
}

/**
 * Evidence for a pull secret that was forgotten: all others of the application that pull from the same registry and the same first
 * segment of the path list it. Takes time in proportion to what was added.
 */
export class Siblings {
  readonly #places = new Map<string, Place>()

  /** @param images of the object; what pulls from one place several times counts once */
  add({ application, references }: Sibling, images: readonly ImageName[]): void {
    for (const key of new Set(images.map(image => keyOf(application, image)))) {
      const place = this.#places.get(key) ?? { objects: 0, lists: new Map() }
      this.#places.set(key, place)
      place.objects += 1
      for (const name of new Set(references)) place.lists.set(name, (place.lists.get(name) ?? 0) + 1)
    }
  }

  /** The Secret that all others list, and how many they are, for an image of one that has been added and does not list it. */
  sharedByOthers(
    { application, references }: Sibling,
    image: ImageName,
  ): { secret: string; others: number } | undefined {
    const place = present(this.#places.get(keyOf(application, image)))
    const others = place.objects - 1
    // One may have a reason of its own.
    if (others < 2) return undefined
    place.missedOnce ??= [...place.lists].flatMap(([name, count]) => (count === others ? [name] : []))
    const secret = place.missedOnce.find(name => !references.includes(name))
    return secret === undefined ? undefined : { secret, others }
  }
}

function keyOf(application: string, image: ImageName): string {
  return JSON.stringify([application, placeOf(image)])
}

/** The registry and the first segment of the path. */
function placeOf({ registry, path }: ImageName): string {
  return `${registry}/${path.split('/', 1)[0]}`
}

/**
 * ImageNotCovered, by what siblings list. Where the image is told of anyway, they say what to do about it.
 *
 * | image                                   | ServiceAccount        | effect   |
 * | --------------------------------------- | --------------------- | -------- |
 * | covered, never pulled, public or node   | any                   | none     |
 * | any other                               | known, and lists none | mayBlock |
 * | any other                               | any other             | degrades |
 *
 * Never where what the Secret holds is known, and is not for the image; of a mixed registry only where it is known, and has an entry
 * with a path for it.
 */
export function findForgotten(pod: PodCase, own: Sibling, siblings: Siblings, findings: readonly Finding[]): Finding[] {
  const told = new Set(findings.filter(({ code }) => kindOf(code).isNoCover).map(({ image }) => image))
  const evidence = new Map<string | undefined, Pick<Finding, 'problem' | 'advice' | 'suggestion'>>()
  const found: Finding[] = []
  for (const use of pod.facts.images) {
    const { name } = use
    if (name === undefined || !mayLack(use, pod)) continue
    const shared = siblings.sharedByOthers(own, name)
    if (shared === undefined || evidence.has(use.image) || !mayHelp(shared.secret, use, name, pod)) continue
    const { secret, others } = shared
    const place = placeOf(name)
    const said: Pick<Finding, 'problem' | 'advice' | 'suggestion'> = {
      problem: `${others} others of this application list "${secret}" for images of ${place}, and this one does not`,
      advice: listSecret(secret, whereIn(pod.facts.home, pod.facts.namespace)),
      suggestion: { of: 'secret', text: secret },
    }
    evidence.set(use.image, said)
    if (told.has(use.image)) continue
    const { container, image, registryClass } = use
    const about = { container, image, origin: 'object', affectsPrivate: registryClass === 'private' } as const
    found.push({ code: 'ImageNotCovered', effect: effectOf(pod), ...about, ...said })
  }
  const explained = findings.map(finding => {
    const said = kindOf(finding.code).isNoCover && !finding.suggestion ? evidence.get(finding.image) : undefined
    return said === undefined ? finding : { ...finding, ...said }
  })
  return [...explained, ...found]
}

function mayLack(use: ImageUse, { listed }: PodCase): boolean {
  return use.pulled && use.registryClass !== 'public' && use.registryClass !== 'node' && !listed.covers(use)
}

/**
 * Whether a Secret may have credentials for an image: what it holds is unknown, or covers it. Of a registry with public and private
 * images it has to be known, and to have an entry with a path: charts hang one secret on all their public images.
 */
function mayHelp(secret: string, { registryClass }: ImageUse, image: ImageName, { facts, lookup }: PodCase): boolean {
  if (namesOf(facts.references).includes(secret)) return false
  const state = lookup.secret(secret)
  const isMixed = registryClass === 'mixed'
  if (state.state === 'unknown' || (state.state === 'value' && state.value.kind === 'unread')) return !isMixed
  if (state.state !== 'value' || state.value.kind !== 'pullSecret') return false
  const credentials = new KubeletKeyring([state.value]).lookup(image)
  return credentials.some(({ entry }) => entry.usable && (!isMixed || hasPath(entry.key)))
}

function effectOf({ facts: { serviceAccount } }: PodCase): Effect {
  return serviceAccount.state === 'value' && serviceAccount.value.references.length === 0 ? 'mayBlock' : 'degrades'
}
