import type { Entry } from '../../kubelet/entry.ts'
import { KubeletKeyring } from '../../kubelet/keyring.ts'
import { type NearMiss, nearMiss } from '../../kubelet/near-miss.ts'
import type { PullSecret } from '../../kubelet/secret.ts'
import type { PodCase } from '../facts.ts'
import type { JudgedImage, Judgement } from '../judgement.ts'
import { namesOf } from '../reference.ts'

/** What it costs to ask whether one entry covers one image. */
const ASK_STEPS = 30

/**
 * The entry that was plainly meant for an uncovered image of a registry with public and private images. Such an image may
 * be pulled without credentials, so it is told of only if its author has shown that it may not: by an entry of a pull secret
 * that the object itself lists.
 *
 * | the entry                                                        | was meant for the image |
 * | ---------------------------------------------------------------- | ----------------------- |
 * | would cover it if it were spelt right, e.g. `registry-1.docker.io` | yes                   |
 * | has its host, and its path but for a letter in the first segment | yes                     |
 * | is either, and covers another image of the Pod or of the input   | no: it is there for that |
 * | any other                                                        | no                      |
 *
 * Charts hang one secret on thirty public images. Looking for it is no part of the verdict: nothing is found once the steps
 * for explanations are spent.
 */
export function findMeantEntry(image: JudgedImage, judgement: Judgement): NearMiss<PullSecret> | undefined {
  const { use, coverage } = image
  if (coverage !== 'uncovered' || use.registryClass !== 'mixed' || use.name === undefined) return undefined
  const { pod, references, keyring } = judgement
  const steps = pod.budget.explanations
  if (!steps.spend(references.length + keyring.secrets.length)) return undefined
  const own = new Set(namesOf(references.filter(({ origin }) => origin === 'object')))
  const near = nearMiss(
    keyring.secrets.filter(({ name }) => own.has(name)),
    use.name,
    steps,
  )
  return near?.isMeant && !coversAnother(near.entry, pod) ? near : undefined
}

/** Whether an entry that does not cover an image is of use for another. It counts as being so where nobody can look. */
function coversAnother(entry: Entry, { facts, budget }: PodCase): boolean {
  const alone = new KubeletKeyring([{ name: '', entries: [entry] }])
  const others = [...facts.images.flatMap(({ name }) => name ?? []), ...facts.otherImages]
  return others.some(name => !budget.explanations.spend(ASK_STEPS) || alone.lookup(name).length > 0)
}
