import type { Settings } from '../config/settings.ts'
import type { ImageName } from '../registry/image.ts'
import { classifier, matchesPattern, type Pattern, parsePattern, type RegistryClass } from '../registry/pattern.ts'

/** The settings in the form in which a review asks them: patterns parsed and indexed once for each configuration. */
export interface Rulebook {
  readonly settings: Settings
  classify(image: ImageName): RegistryClass
  /** The names that `inject.rules` writes down for an image, in the order of the rules. */
  ruleSecrets(image: ImageName): readonly string[]
}

/** Prepares settings for use. They come validated: a pattern that does not parse is a bug. */
export function prepareRulebook(settings: Settings): Rulebook {
  const rules = settings.inject.rules.map(rule => ({
    patterns: rule.images.map(parsePattern).filter((pattern): pattern is Pattern => !('fault' in pattern)),
    secrets: rule.secrets,
  }))
  return {
    settings,
    classify: classifier(settings.registries),
    ruleSecrets: image =>
      rules.filter(rule => rule.patterns.some(pattern => matchesPattern(pattern, image))).flatMap(rule => rule.secrets),
  }
}
