import { isCovered, keyringOf } from './coverage.ts'
import { evaluate } from './evaluate.ts'
import { type PodFacts, secretState } from './facts.ts'
import { modeOf } from './labels.ts'
import { makePlan, type Plan } from './plan.ts'
import { isTold } from './skips.ts'

/** What has to be read live before anything is said or done on the strength of these facts. */
export interface Doubts {
  /** Names of Secrets of the namespace. */
  readonly secrets: ReadonlySet<string>
  /** Images on which match is about to give up, unless there is a pull secret that the view does not hold yet. */
  readonly lacking: readonly string[]
  /** Whether the ServiceAccount's references, which are still to be copied, are part of what looks wrong. */
  readonly serviceAccount: boolean
}

const NO_DOUBTS: Doubts = { secrets: new Set(), lacking: [], serviceAccount: false }

/**
 * Finds what looks wrong in facts that come from a view, which may be behind: a Secret and its Pod often arrive together.
 *
 * Where nothing looks wrong nothing is in doubt, and the review needs no read. A Pod among the mutators is only planned
 * for, one that is about to be stored is only judged, and what its author wrote is both. In mode `off` nothing is judged.
 */
export function doubtsAbout(facts: PodFacts): Doubts {
  const { form, namespaceState, rulebook } = facts
  if (form !== 'mutating' && modeOf(namespaceState, rulebook.settings.mode) === 'off') return NO_DOUBTS
  const plan = makePlan(facts)
  const { names, lacking } = form === 'stored' ? { names: [], lacking: [] } : doubtsOfPlan(facts, plan)
  const secrets = new Set([...names, ...(form === 'mutating' ? [] : doubtsOfFindings(facts, plan))])
  return { secrets, lacking, serviceAccount: form === 'written' && (secrets.size > 0 || lacking.length > 0) }
}

/** An image that seems to lack credentials, though the view may only be behind on the references that it has. */
function doubtsOfPlan(facts: PodFacts, plan: Plan): { names: readonly string[]; lacking: readonly string[] } {
  if (plan.skipped.some(({ secret }) => secret === null)) return { names: [], lacking: [] }
  const listed = namesOf(facts.references)
  const keyring = keyringOf([...listed, ...namesOf(plan.add)], facts)
  const lacking = facts.images.filter(use => use.pulled && use.name !== undefined && !isCovered(use, keyring))
  const inWant = lacking.filter(({ registryClass }) => registryClass !== 'public' && registryClass !== 'node')
  const told = namesOf(plan.skipped.filter(isTold))
  if (inWant.length === 0 && plan.add.length === 0) return { names: told, lacking: [] }
  const written = inWant.length === 0 ? [] : namesOf(facts.written)
  const matched = facts.rulebook.settings.inject.match ? inWant.map(({ image }) => image) : []
  return { names: [...listed, ...written, ...told], lacking: matched }
}

/** What is told of one reference depends on the coverage by all of them, unless it does no harm anyway. */
function doubtsOfFindings(facts: PodFacts, plan: Plan): string[] {
  const references = namesOf(facts.form === 'stored' ? facts.references : [...facts.references, ...plan.add])
  const unknown = references.filter(name => secretState(facts, name).state === 'unknown')
  const findings = evaluate(facts, plan)
  const named = findings.flatMap(({ secret }) => secret ?? [])
  const isGrave = findings.some(({ code, effect }) => code !== 'ImageInvalid' && effect !== 'degrades')
  return [...unknown, ...named, ...(isGrave ? [...references, ...accountReferences(facts)] : [])]
}

function accountReferences({ serviceAccount }: PodFacts): readonly string[] {
  return serviceAccount.state === 'value' ? serviceAccount.value.references : []
}

function namesOf(references: readonly { readonly secret: string }[]): string[] {
  return references.map(({ secret }) => secret)
}
