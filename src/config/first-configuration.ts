import type { RegistryClass } from '../policy/registries/classifier.ts'
import { parsePattern } from '../policy/registries/pattern.ts'
import { count } from '../runtime/count.ts'

/** An image of a Pod, or of a template. */
export interface ImageUseFound {
  /** As it is written. */
  readonly image: string
  /** Host and port. */
  readonly registry: string
  /** By the configuration that there is. */
  readonly registryClass: RegistryClass
  /** Whether its Pod lists a pull secret, or its ServiceAccount does. */
  readonly withPullSecret: boolean
}

/** A registry, and what is to be done with it. */
export interface RegistryFound {
  readonly registry: string
  /** How many images, and how many of them with a pull secret, in words. */
  readonly seen: string
  /**
   * | the registry is listed already | a pull secret is listed with an image of it | advice    |
   * | ------------------------------ | ------------------------------------------- | --------- |
   * | yes                            | either                                      | `listed`  |
   * | no                             | yes                                         | `private` |
   * | no                             | no                                          | `unknown` |
   */
  readonly advice: 'listed' | 'private' | 'unknown'
  readonly registryClass: RegistryClass
}

/** What a first configuration can be made of: the registries of these images, those with the most images first. */
export function findRegistries(uses: Iterable<ImageUseFound>): readonly RegistryFound[] {
  const byRegistry = new Map<string, { images: Set<string>; withSecret: Set<string>; registryClass: RegistryClass }>()
  for (const { image, registry, registryClass, withPullSecret } of uses) {
    const known = byRegistry.get(registry)
    const found = known ?? { images: new Set<string>(), withSecret: new Set<string>(), registryClass }
    if (known === undefined) byRegistry.set(registry, found)
    found.images.add(image)
    if (withPullSecret) found.withSecret.add(image)
    // Some paths of a registry may be listed, and others not.
    if (registryClass === 'unlisted') found.registryClass = registryClass
  }
  return [...byRegistry]
    .sort(([a, one], [b, other]) => other.images.size - one.images.size || (a < b ? -1 : 1))
    .map(([registry, { images, withSecret, registryClass }]) => ({
      registry,
      seen: `${count(images.size, 'image')}, ${withSecret.size === 0 ? 'none' : withSecret.size} with a pull secret`,
      advice:
        registryClass !== 'unlisted' ? 'listed' : withSecret.size > 0 && canBeListed(registry) ? 'private' : 'unknown',
      registryClass,
    }))
}

/** A pattern says less than the name of an image may. */
function canBeListed(registry: string): boolean {
  return !('fault' in parsePattern(registry))
}
