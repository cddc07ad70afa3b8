import { recreatePod } from '../../advice/on-objects.ts'
import { keyringOf } from '../coverage.ts'
import { type Finding, worse } from '../finding.ts'
import type { Judgement } from '../judgement.ts'
import { breaksKeyring, effectOfNoCover } from './image-not-covered.ts'

/**
 * NotInjected: the Pod lacks a reference that it should have been given, because the mutating call was lost (a time-out,
 * or a webhook that was not registered or not there). It takes the place of ImageNotCovered, with its effect, and is heard
 * where that would be: it is about what the Pod lacks, whoever named the pull secret.
 *
 * @param before what has been found already
 */
export function findLostPlan(judgement: Judgement, before: readonly Finding[]): Finding[] {
  const isBroken = breaksKeyring(before)
  const { home, namespace } = judgement.pod.facts
  return judgement.lost.map(({ secret }): Finding => {
    const keyring = keyringOf([secret], judgement.pod)
    const helped = judgement.images.filter(({ use }) => keyring.covers(use))
    const effects = helped.map(image => (isBroken ? undefined : effectOfNoCover(image, judgement)) ?? 'degrades')
    const [image] = helped
    return {
      code: 'NotInjected',
      effect: effects.reduce(worse, 'degrades'),
      secret,
      ...(image === undefined ? {} : { container: image.use.container, image: image.use.image }),
      origin: 'object',
      affectsPrivate: helped.some(({ use }) => use.registryClass === 'private'),
      problem: `regcred could not add pull secret "${secret}" in time`,
      advice: recreatePod(secret, home, namespace),
    }
  })
}
