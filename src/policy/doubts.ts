import { keyringOf } from './coverage.ts'
import { type ImageUse, isUnread, type PodFacts } from './facts.ts'
import type { Finding } from './finding.ts'
import type { Judgement } from './judgement.ts'
import type { Plan } from './plan.ts'
import { isTold } from './skips.ts'

/** What has to be read live before anything is said or done on the strength of the facts. */
export interface Doubts {
  /** Names of Secrets of the namespace. */
  readonly secrets: ReadonlySet<string>
  /** Images on which match is about to give up, unless there is a pull secret that the view does not hold yet. */
  readonly lacking: readonly string[]
  /** Whether the ServiceAccount's references, which are still to be copied, are part of what looks wrong. */
  readonly serviceAccount: boolean
}

/** Of most Pods nothing has to be read. */
export const NO_DOUBTS: Doubts = { secrets: new Set(), lacking: [], serviceAccount: false }

/**
 * Finds what looks wrong in facts that come from a view, which may be behind: a Secret and its Pod often arrive together.
 *
 * Where nothing looks wrong nothing is in doubt, and the review needs no read. A Pod among the mutators is only planned
 * for, one that is about to be stored is only judged, and what its author wrote is both. A
 * Secret that is there and unread has nothing about it that could look wrong.
 *
 * @param judgement absent where the Pod was not judged
 */
export function doubtsAbout(
  facts: PodFacts,
  plan: Plan,
  findings: readonly Finding[],
  judgement: Judgement | undefined,
): Doubts {
  const { names, lacking } = facts.form === 'stored' ? NOTHING : doubtsOfPlan(facts, plan)
  const judged = judgement === undefined ? [] : doubtsOfFindings(judgement, findings)
  if (names.length + judged.length + lacking.length === 0) return NO_DOUBTS
  const secrets = new Set([...names, ...judged].filter(name => !isUnread(facts.secret(name))))
  return { secrets, lacking, serviceAccount: facts.form === 'written' && (secrets.size > 0 || lacking.length > 0) }
}

interface PlanDoubts {
  readonly names: readonly string[]
  readonly lacking: readonly string[]
}

const NOTHING: PlanDoubts = { names: [], lacking: [] }

/** An image that seems to lack credentials, though the view may only be behind on the references that it has. */
function doubtsOfPlan(facts: PodFacts, plan: Plan): PlanDoubts {
  if (plan.skipped.some(({ secret }) => secret === null)) return NOTHING
  const told = namesOf(plan.skipped.filter(isTold))
  const planned = namesOf(plan.add)
  const keyring = planned.length === 0 ? facts.listed : keyringOf([...namesOf(facts.references), ...planned], facts)
  const inWant = facts.images.filter(use => mayWant(use) && !keyring.covers(use))
  if (inWant.length === 0 && planned.length === 0) return { names: told, lacking: [] }
  const listed = namesOf(facts.references)
  const written = inWant.length === 0 ? [] : namesOf(facts.written)
  const matched = facts.rulebook.settings.inject.match ? inWant.map(({ image }) => image) : []
  return { names: [...listed, ...written, ...told], lacking: matched }
}

function mayWant({ pulled, name, registryClass }: ImageUse): boolean {
  return pulled && name !== undefined && registryClass !== 'public' && registryClass !== 'node'
}

/** What is told of one reference depends on the coverage by all of them, unless it does no harm anyway. */
function doubtsOfFindings({ facts, references }: Judgement, findings: readonly Finding[]): string[] {
  const names = namesOf(references)
  const unknown = names.filter(name => facts.secret(name).state === 'unknown')
  const named = findings.flatMap(({ secret }) => secret ?? [])
  const isGrave = findings.some(({ code, effect }) => code !== 'ImageInvalid' && effect !== 'degrades')
  return [...unknown, ...named, ...(isGrave ? [...names, ...accountReferences(facts)] : [])]
}

function accountReferences({ serviceAccount }: PodFacts): readonly string[] {
  return serviceAccount.state === 'value' ? serviceAccount.value.references : []
}

function namesOf(references: readonly { readonly secret: string }[]): string[] {
  return references.map(({ secret }) => secret)
}
