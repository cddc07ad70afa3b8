import type { Settings } from '../config/settings.ts'
import { type ImageName, parseImageName } from '../registry/image.ts'
import { classifier, matchesPattern, type Pattern, parsePattern, type RegistryClass } from '../registry/pattern.ts'
import { remember } from '../remember.ts'

/** The settings in the form in which a review asks them: patterns parsed and indexed once for each configuration. */
export interface Rulebook {
  readonly settings: Settings
  /** What there is to know of an image from its name alone. */
  readImage(image: string): ImageReading
}

/** An image as the kubelet and the configuration read it. */
export interface ImageReading {
  /** Undefined where the kubelet cannot parse it. */
  readonly name: ImageName | undefined
  readonly registryClass: RegistryClass
  /** The names that `inject.rules` writes down for it, in the order of the rules. */
  readonly ruleSecrets: readonly string[]
}

/** Images that are remembered, twice over: a cluster runs the same ones again and again. */
const MOST_REMEMBERED = 1000

/** Prepares settings for use. They come validated: a pattern that does not parse is a bug. */
export function prepareRulebook(settings: Settings): Rulebook {
  const rules = settings.inject.rules.map(rule => ({
    patterns: rule.images.map(parsePattern).filter((pattern): pattern is Pattern => !('fault' in pattern)),
    secrets: rule.secrets,
  }))
  const classify = classifier(settings.registries)
  const readImage = (image: string): ImageReading => {
    const name = parseImageName(image)
    if (name === undefined) return { name, registryClass: 'unlisted', ruleSecrets: [] }
    const applying = rules.filter(rule => rule.patterns.some(pattern => matchesPattern(pattern, name)))
    return { name, registryClass: classify(name), ruleSecrets: applying.flatMap(rule => rule.secrets) }
  }
  return { settings, readImage: remember(readImage, MOST_REMEMBERED) }
}
