import { type ImageName, parseImageName } from '../registry/image.ts'
import { matchesPattern, parsePattern } from '../registry/pattern.ts'
import type { Row } from './explain.ts'
import { shorten } from './fault.ts'
import type { Configuration } from './read.ts'
import { LISTED_CLASSES } from './settings.ts'

/** Says which class an image has, and which pattern of which line decided. */
export function explainClass({ settings, provenance }: Configuration, image: string): Row {
  const setting = `class of ${shorten(image, 300)}`
  const name = parseImageName(image)
  if (name === undefined) return { setting, value: null, from: 'the kubelet cannot parse this name' }
  const [decisive] = LISTED_CLASSES.flatMap(listed =>
    settings.registries[listed].map((text, index) => ({ listed, text, index, pattern: parsePattern(text) })),
  )
    .flatMap(({ pattern, ...rest }) =>
      'fault' in pattern || !matchesPattern(pattern, name) ? [] : [{ pattern, ...rest }],
    )
    // The sort is stable, so of equals the one of the first class stays first.
    .sort((a, b) => b.pattern.segments - a.pattern.segments || b.pattern.literals - a.pattern.literals)
  if (decisive === undefined) {
    const path = 'registries.default'
    return { setting, value: settings.registries.default, from: `${provenance.get(path) ?? 'default'}, ${path}` }
  }
  const { listed, text, index } = decisive
  const line = provenance.get(`registries.${listed}[${index}]`) ?? 'default'
  return { setting, value: listed, from: `${line}, ${text}` }
}

/** The names that rules bring to a Pod with these images: a row for each rule. */
export function explainRules({ settings, provenance }: Configuration, images: readonly string[]): readonly Row[] {
  const names = images.map(parseImageName).filter(name => name !== undefined)
  return settings.inject.rules.flatMap((rule, index) =>
    rule.images.some(pattern => matchesAny(pattern, names))
      ? [{ setting: 'inject.secrets', value: rule.secrets, from: `${provenance.get(`inject.rules[${index}]`)}, rule` }]
      : [],
  )
}

function matchesAny(text: string, names: readonly ImageName[]): boolean {
  const pattern = parsePattern(text)
  return !('fault' in pattern) && names.some(name => matchesPattern(pattern, name))
}
