import type { RegistryClass } from '../policy/registries/classifier.ts'
import { parsePattern } from '../policy/registries/pattern.ts'
import { count } from '../runtime/count.ts'

/** An image of a Pod, or of a template. */
export interface ImageUseFound {
  /** As it is written. */
  readonly image: string
  /** Host and port. */
  readonly registry: string
  /** Below it. */
  readonly path: string
  /** By the configuration that there is. */
  readonly registryClass: RegistryClass
  /** Whether its Pod lists a pull secret, or its ServiceAccount does. */
  readonly withPullSecret: boolean
}

/** A registry, and what is to be done with it. */
export interface RegistryFound {
  /** Host and port; with the first part of the path where a registry is one of everybody's. */
  readonly registry: string
  /** How many images, and how many of them with a pull secret, in words. */
  readonly seen: string
  /**
   * | the registry is listed already | a pull secret is listed with an image of it | advice    |
   * | ------------------------------ | ------------------------------------------- | --------- |
   * | as public, node or private     | either                                      | `listed`  |
   * | as mixed                       | no                                          | `listed`  |
   * | no, or as mixed                | yes                                         | `private` |
   * | no                             | no                                          | `unknown` |
   */
  readonly advice: 'listed' | 'private' | 'unknown'
  readonly registryClass: RegistryClass
}

/** What a first configuration can be made of: the registries of these images, those with the most images first. */
export function findRegistries(uses: Iterable<ImageUseFound>): readonly RegistryFound[] {
  const found = new Map<string, { images: Set<string>; withSecret: Set<string>; use: ImageUseFound }>()
  for (const use of uses) {
    const key = `${use.registryClass} ${placeOf(use)}`
    const known = found.get(key) ?? { images: new Set<string>(), withSecret: new Set<string>(), use }
    found.set(key, known)
    known.images.add(use.image)
    if (use.withPullSecret) known.withSecret.add(use.image)
  }
  return [...found.values()]
    .map(({ images, withSecret, use }) => ({ size: images.size, told: tell(use, images.size, withSecret.size) }))
    .sort((a, b) => b.size - a.size || (a.told.registry < b.told.registry ? -1 : 1))
    .map(({ told }) => told)
}

function tell(use: ImageUseFound, images: number, withSecret: number): RegistryFound {
  const { registryClass } = use
  const registry = placeOf(use)
  const isOpen = registryClass === 'unlisted' || registryClass === 'mixed'
  const isPrivate = isOpen && withSecret > 0 && canBeListed(registry)
  return {
    registry,
    seen: `${count(images, 'image')}, ${withSecret === 0 ? 'none' : withSecret} with a pull secret`,
    advice: isPrivate ? 'private' : registryClass === 'unlisted' ? 'unknown' : 'listed',
    registryClass,
  }
}

/** Of a registry that is everybody's, such as Docker Hub, the part that is somebody's. */
function placeOf({ registry, path, registryClass }: ImageUseFound): string {
  const [owner] = path.split('/', 1)
  return registryClass === 'mixed' ? `${registry}/${owner}` : registry
}

/** A pattern says less than the name of an image may. */
function canBeListed(registry: string): boolean {
  return !('fault' in parsePattern(registry))
}
