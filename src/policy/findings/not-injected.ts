import { isCovered, keyringOf } from '../coverage.ts'
import { type Finding, worse } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { effectOfNoCover } from './image-not-covered.ts'

/**
 * NotInjected: the Pod lacks a reference that it should have been given, because the mutating call was lost (a time-out,
 * or a webhook that was not registered or not there). It takes the place of ImageNotCovered, with its effect.
 */
export function findLostPlan(judgement: Judgement): Finding[] {
  if (judgement.facts.change !== 'create') return []
  return judgement.lost.map(({ secret }): Finding => {
    const keyring = keyringOf([secret], judgement.facts)
    const helped = judgement.images.filter(({ use }) => isCovered(use, keyring))
    const effects = helped.map(image => effectOfNoCover(image, judgement) ?? 'degrades')
    const [image] = helped
    return {
      code: 'NotInjected',
      effect: effects.reduce(worse, 'degrades'),
      secret,
      ...(image === undefined ? {} : { container: image.use.container, image: image.use.image }),
      origin: 'configuration',
      affectsPrivate: helped.some(({ use }) => use.registryClass === 'private'),
      message: `pull secret "${secret}" was not injected, the mutating call was lost; the Pod has to be created anew`,
    }
  })
}
