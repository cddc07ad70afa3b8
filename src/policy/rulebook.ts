import { type ImageName, parseImageName } from '../kubelet/image-name.ts'
import { memoize } from '../runtime/memoize.ts'
import { present } from '../runtime/present.ts'
import type { ImageReading } from './image-use.ts'
import { type ClassDecision, classifier } from './registries/classifier.ts'
import { matchesPattern, type Pattern, parsePattern } from './registries/pattern.ts'
import type { Settings } from './settings.ts'

/** The settings in the form in which a review asks them: patterns parsed and indexed once for each configuration. */
export interface Rulebook {
  readonly settings: Settings
  /** What there is to know of an image from its name alone. */
  readImage(image: string): ImageReading
  /** The same, with what decided. Not memoized: it is asked for when a person asks why. */
  explainImage(image: string): ImageExplanation
}

export interface ImageExplanation {
  /** Undefined where the kubelet cannot parse it. */
  readonly name: ImageName | undefined
  readonly decision: ClassDecision
  /** The rules of `inject.rules` that apply to it, by their index. */
  readonly rules: readonly number[]
}

/** Images in one of the two generations of the memo: a cluster runs the same images again and again. */
const MAX_MEMOIZED_IMAGES = 1000
/** What is known of an image takes at least this, */
const MIN_READING_BYTES = 200
/** and this for each name of a pull secret that rules bring: the name itself stands in the settings. */
const POINTER_BYTES = 8

const UNLISTED: ClassDecision = { registryClass: 'unlisted' }

/** Prepares settings for use. They come validated: a pattern that does not parse is a bug. */
export function prepareRulebook(settings: Settings): Rulebook {
  const rules = settings.inject.rules.map(({ images, secrets }) => ({
    patterns: images.map(parsePattern).filter((pattern): pattern is Pattern => !('fault' in pattern)),
    secrets,
  }))
  const classify = classifier(settings.registries)
  const explainImage = (image: string): ImageExplanation => {
    const name = parseImageName(image)
    if (name === undefined) return { name, decision: UNLISTED, rules: [] }
    const applying = rules.flatMap(({ patterns }, index) =>
      patterns.some(pattern => matchesPattern(pattern, name)) ? [index] : [],
    )
    return { name, decision: classify(name), rules: applying }
  }
  const readImage = (image: string): ImageReading => {
    const { name, decision, rules: applying } = explainImage(image)
    const ruleSecrets = applying.flatMap(index => present(rules[index]).secrets)
    const { registryClass, needs } = decision
    return { name, registryClass, ruleSecrets, ...(needs !== undefined && { needs }) }
  }
  // As many rules may apply to an image as there are, and each has its list of names.
  const bytesOf = ({ ruleSecrets }: ImageReading) => MIN_READING_BYTES + POINTER_BYTES * ruleSecrets.length
  return { settings, explainImage, readImage: memoize(readImage, MAX_MEMOIZED_IMAGES, bytesOf) }
}
