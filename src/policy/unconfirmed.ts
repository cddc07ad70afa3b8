import { keyringOf } from './coverage.ts'
import type { PodCase, PodFacts } from './facts.ts'
import { type Finding, kindOf } from './finding.ts'
import type { ImageUse } from './image-use.ts'
import type { Judgement } from './judgement.ts'
import { isUnread } from './known.ts'
import type { Plan } from './plan.ts'
import { namesOf } from './reference.ts'
import { isTold } from './skips.ts'

/** What has to be read live before anything is said or done on the strength of the facts. */
export interface Unconfirmed {
  /** Names of Secrets of the namespace. */
  readonly secrets: ReadonlySet<string>
  /** Images on which match is about to give up, unless there is a pull secret that the view does not hold yet. */
  readonly lacking: readonly string[]
  /**
   * Whether the ServiceAccount is part of what looks wrong: its references, which are still to be copied, or annotations that it seems
   * to lack.
   */
  readonly serviceAccount: boolean
}

/** Of most Pods nothing has to be read. */
export const NOTHING_UNCONFIRMED: Unconfirmed = { secrets: new Set(), lacking: [], serviceAccount: false }

/**
 * Finds what looks wrong in facts that come from a view, which may be behind: a Secret and its Pod often arrive together.
 *
 * Where nothing looks wrong nothing is to be confirmed, and the review needs no read. A Pod among the mutators is only
 * planned for, one that is about to be stored is only judged, and what its author wrote is both. A Secret that is there and
 * unread has nothing about it that could look wrong.
 *
 * @param judgement absent where the Pod was not judged
 */
export function findUnconfirmed(
  pod: PodCase,
  plan: Plan,
  findings: readonly Finding[],
  judgement: Judgement | undefined,
): Unconfirmed {
  const { form } = pod.facts.traits
  const { names, lacking } = form === 'stored' ? NOTHING : unconfirmedInPlan(pod, plan)
  const judged = judgement === undefined ? [] : unconfirmedInFindings(judgement, findings)
  const seemsToLack = restsOnAccount(findings, pod.facts)
  if (names.length + judged.length + lacking.length === 0 && !seemsToLack) return NOTHING_UNCONFIRMED
  const secrets = new Set([...names, ...judged].filter(name => !isUnread(pod.lookup.secret(name))))
  const brings = form === 'written' && (secrets.size > 0 || lacking.length > 0)
  return { secrets, lacking, serviceAccount: brings || seemsToLack }
}

/** Whether something is found of an image for which the nodes would log in, had the ServiceAccount what they need. */
function restsOnAccount(findings: readonly Finding[], { images }: PodFacts): boolean {
  const lacking = images.filter(({ needs, registryClass }) => needs !== undefined && registryClass === 'private')
  return lacking.length > 0 && findings.some(({ image }) => lacking.some(use => use.image === image))
}

interface PlanUnconfirmed {
  readonly names: readonly string[]
  readonly lacking: readonly string[]
}

const NOTHING: PlanUnconfirmed = { names: [], lacking: [] }

/**
 * An image that seems to lack credentials, though the view may only be behind on the references that it has.
 *
 * | with what is planned          | the cache is settled, and match stays out of mixed registries | is confirmed, besides what a person is told of a written name |
 * | ----------------------------- | ------------------------------------------------------------- | ------------------------------------------------------------- |
 * | an image is without           |                                                               | all that it could be pulled with                              |
 * | none is, and nothing is added |                                                               | nothing                                                       |
 * | none is, and some are added   | yes                                                           | of what the Pod lists, what is not there: it may be arriving  |
 * | none is, and some are added   | no                                                            | what the Pod lists                                            |
 */
function unconfirmedInPlan(pod: PodCase, plan: Plan): PlanUnconfirmed {
  if (plan.skipped.some(({ secret }) => secret === null)) return NOTHING
  const { facts, lookup } = pod
  const told = namesOf(plan.skipped.filter(isTold))
  const planned = namesOf([...plan.add, ...plan.wouldAdd])
  const listed = namesOf(facts.references)
  const keyring = planned.length === 0 ? pod.listed : keyringOf([...listed, ...planned], pod)
  const inWant = facts.images.filter(use => mayWant(use) && !keyring.covers(use))
  if (inWant.length === 0 && planned.length === 0) return { names: told, lacking: [] }
  if (inWant.length === 0 && isSafe(pod, plan)) {
    const arriving = listed.filter(name => lookup.secret(name).state !== 'value')
    return { names: [...arriving, ...told], lacking: [] }
  }
  const written = inWant.length === 0 ? [] : namesOf(lookup.writtenNames())
  const matched = facts.rulebook.settings.inject.match ? inWant.map(({ image }) => image) : []
  return { names: [...listed, ...written, ...told], lacking: matched }
}

/** Whether the plan may be followed by what the cache holds. In a mixed registry most images are public, and a credential is rarely meant. */
function isSafe({ facts, lookup, listed }: PodCase, { add, wouldAdd }: Plan): boolean {
  if (!lookup.isSettled()) return false
  if ([...add, ...wouldAdd].every(({ source }) => source !== 'match')) return true
  return facts.images.every(use => use.registryClass !== 'mixed' || !mayWant(use) || listed.covers(use))
}

function mayWant({ pulled, name, registryClass }: ImageUse): boolean {
  return pulled && name !== undefined && registryClass !== 'public' && registryClass !== 'node'
}

/** What is told of one reference depends on the coverage by all of them, unless it does no harm anyway. */
function unconfirmedInFindings({ pod, references }: Judgement, findings: readonly Finding[]): string[] {
  const names = namesOf(references)
  const unknown = names.filter(name => pod.lookup.secret(name).state === 'unknown')
  const named = findings.flatMap(({ secret }) => secret ?? [])
  const isGrave = findings.some(({ code, effect }) => !kindOf(code).fromObjectAlone && effect !== 'degrades')
  return [
    ...unknown,
    ...named,
    ...proofs(pod.facts, findings),
    ...(isGrave ? [...names, ...accountReferences(pod.facts)] : []),
  ]
}

/** A template is refused only if the Secret that was meant is there now. */
function proofs({ traits }: PodFacts, findings: readonly Finding[]): string[] {
  if (traits.about !== 'template') return []
  return findings.flatMap(({ effect, suggestion }) =>
    effect === 'blocks' && suggestion?.of === 'secret' ? suggestion.text : [],
  )
}

function accountReferences({ serviceAccount }: PodFacts): readonly string[] {
  return serviceAccount.state === 'value' ? serviceAccount.value.references : []
}
