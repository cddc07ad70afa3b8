import type { Told } from '../../advice/advice.ts'
import { whereIn } from '../../advice/home.ts'
import { listSecret } from '../../advice/on-objects.ts'
import type { Effect } from '../finding.ts'
import type { JudgedImage, Judgement } from '../judgement.ts'
import { matchImage } from '../match.ts'
import { whereToList } from './where.ts'

/** A pull secret of the namespace that an object in a file does not list, and that would cover an image of it. */
interface Offered {
  readonly secret: string
  readonly effect: Effect
}

/**
 * Finds the pull secret that whoever wrote a file forgot to list: the one that match would add in a cluster.
 *
 * | image, uncovered              | its ServiceAccount is known | effect                       |
 * | ----------------------------- | --------------------------- | ---------------------------- |
 * | private                       | yes                         | that of an uncovered image   |
 * | private                       | no                          | mayBlock                     |
 * | unlisted, or mixed and by an entry with a path | yes        | mayBlock                     |
 * | the same                      | no                          | degrades: it may list it     |
 * | any other                     | either                      | none                         |
 *
 * Looking for it is no part of what blocks, so it is paid for by the steps for explanations.
 */
export function findOffered({ use, coverage }: JudgedImage, { pod }: Judgement): Offered | undefined {
  const { inFile, referencesUnknown, rulebook } = pod.facts
  if (inFile === undefined || rulebook.settings.suggestions === 'none') return undefined
  if (coverage !== 'uncovered' && !(coverage === 'unknown' && referencesUnknown === true)) return undefined
  const { secret, reason } = matchImage(use, { ...pod, budget: pod.budget.explanations }, () => true)
  if (secret === undefined || reason !== undefined) return undefined
  return { secret, effect: referencesUnknown === true && use.registryClass !== 'private' ? 'degrades' : 'mayBlock' }
}

export function tellOffer(secret: string, image: string, judgement: Judgement): Told {
  const { home, namespace, referencesUnknown } = judgement.pod.facts
  if (referencesUnknown === true) {
    const where = `${whereIn(home, namespace)}, unless its ServiceAccount lists it`
    return { problem: `"${secret}" has credentials for "${image}"`, advice: listSecret(secret, where) }
  }
  const isListed = judgement.references.length > 0
  const lack = isListed ? 'none of its pull secrets has credentials' : 'no pull secret is listed'
  return {
    problem: `${lack} for "${image}", but "${secret}" has ${isListed ? 'them' : 'credentials for it'}`,
    advice: listSecret(secret, whereToList(judgement, secret)),
  }
}
