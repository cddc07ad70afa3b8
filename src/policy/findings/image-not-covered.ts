import { nearMiss } from '../../registry/near-miss.ts'
import type { PullSecret } from '../../registry/secret.ts'
import { coverImage } from '../coverage.ts'
import { type PodFacts, secretState } from '../facts.ts'
import type { Effect, Finding } from '../finding.ts'
import type { JudgedImage, Judgement } from '../judgement.ts'

/** ImageNotCovered: all references are known, every one can be parsed, and none covers the image. */
export function findUncoveredImages(judgement: Judgement): Finding[] {
  const lost = judgement.lost.map(({ secret }) => secret)
  return judgement.images.flatMap((image): Finding[] => {
    const effect = effectOfNoCover(image, judgement)
    if (effect === undefined || coverImage(image.use, lost, judgement.facts).coverage === 'covered') return []
    const { container, image: name, registryClass } = image.use
    return [
      {
        code: 'ImageNotCovered',
        effect,
        container,
        image: name,
        origin: 'object',
        affectsPrivate: registryClass === 'private',
        ...explain(image, judgement),
      },
    ]
  })
}

/**
 * | image, uncovered by all references                                    | effect   |
 * | --------------------------------------------------------------------- | -------- |
 * | private                                                               | blocks   |
 * | unlisted, and what the object itself wrote covers none of its images  | mayBlock |
 * | anything else, or a reference is unknown or breaks the keyring        | none     |
 */
export function effectOfNoCover(image: JudgedImage, judgement: Judgement): Effect | undefined {
  if (image.coverage !== 'uncovered' || judgement.references.some(({ secret }) => isMalformed(secret, judgement.facts)))
    return undefined
  if (image.use.registryClass === 'private') return 'blocks'
  if (image.use.registryClass !== 'unlisted') return undefined
  const own = judgement.references.filter(({ origin }) => origin === 'object').map(({ secret }) => secret)
  const helps = judgement.images.some(({ use }) => coverImage(use, own, judgement.facts).coverage !== 'uncovered')
  return own.length > 0 && !helps ? 'mayBlock' : undefined
}

function isMalformed(name: string, facts: PodFacts): boolean {
  const state = secretState(facts, name)
  return state.state === 'value' && state.value.kind === 'malformed'
}

/** The most helpful thing that can be said, in this order: the displaced ServiceAccount, the near miss, what to do. */
function explain({ use }: JudgedImage, judgement: Judgement): { message: string; suggestion?: string } {
  const displaced = displacedSecret(use, judgement)
  if (displaced !== undefined) {
    const owner = `ServiceAccount's "${displaced}" would cover it`
    return {
      message: `no pull secret of its own covers image "${use.image}"; the ${owner}: list it too, a Pod's own list replaces it`,
      suggestion: displaced,
    }
  }
  const secrets = pullSecrets(
    judgement.references.map(({ secret }) => secret),
    judgement.facts,
  )
  const near = use.name && nearMiss(secrets, use.name)
  if (near !== undefined) {
    const { secret, entry, instead } = near
    return {
      message: `no pull secret covers image "${use.image}"; entry "${entry.key}" of "${secret.name}" nearly does: use "${instead}"`,
      suggestion: instead,
    }
  }
  const names = judgement.references.map(({ secret }) => `"${secret}"`).join(', ')
  const none = names === '' ? 'there is none' : `not ${names}`
  return {
    message: `no pull secret covers image "${use.image}" (${none}); add one, or list the registry under registries.node`,
  }
}

/** The ServiceAccount's pull secret that would cover the image, had the Pod not brought a list of its own. */
function displacedSecret(use: JudgedImage['use'], { facts, references }: Judgement): string | undefined {
  if (facts.serviceAccount.state !== 'value') return undefined
  return facts.serviceAccount.value.references.find(
    name => references.every(({ secret }) => secret !== name) && coverImage(use, [name], facts).coverage === 'covered',
  )
}

function pullSecrets(names: readonly string[], facts: PodFacts): PullSecret[] {
  return names.flatMap(name => {
    const state = secretState(facts, name)
    return state.state === 'value' && state.value.kind === 'pullSecret' ? [state.value] : []
  })
}
