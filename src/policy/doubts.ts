import { coverImage } from './coverage.ts'
import { evaluate } from './evaluate.ts'
import { type PodFacts, secretState } from './facts.ts'
import { makePlan, type Plan } from './plan.ts'
import { isTold } from './skips.ts'

/** What has to be read live before anything is said or done on the strength of these facts. */
export interface Doubts {
  /** Names of Secrets of the namespace. */
  readonly secrets: ReadonlySet<string>
  /** Images on which match is about to give up, unless there is a pull secret that the view does not hold yet. */
  readonly lacking: readonly string[]
}

const NO_DOUBTS: Doubts = { secrets: new Set(), lacking: [] }

/**
 * Finds what looks wrong in facts that come from a view, which may be behind: a Secret and its Pod often arrive together.
 *
 * Where nothing looks wrong nothing is in doubt, and the review needs no read. A Pod among the mutators is only planned
 * for, one that is about to be stored is only judged, and what its author wrote is both.
 */
export function doubtsAbout(facts: PodFacts): Doubts {
  const plan = makePlan(facts)
  const planning = facts.form === 'stored' ? NO_DOUBTS : doubtsOfPlan(facts, plan)
  const judging = facts.form === 'mutating' ? [] : doubtsOfFindings(facts, plan)
  return { secrets: new Set([...planning.secrets, ...judging]), lacking: planning.lacking }
}

/** An image that seems to lack credentials, though the view may only be behind on the references that it has. */
function doubtsOfPlan(facts: PodFacts, plan: Plan): Doubts {
  if (plan.skipped.some(({ secret }) => secret === null)) return NO_DOUBTS
  const listed = facts.references.map(({ secret }) => secret)
  const names = [...listed, ...plan.add.map(({ secret }) => secret)]
  const lacking = facts.images.filter(
    use =>
      use.pulled &&
      use.name !== undefined &&
      use.registryClass !== 'public' &&
      use.registryClass !== 'node' &&
      coverImage(use, names, facts).coverage !== 'covered',
  )
  const told = plan.skipped.filter(isTold).map(({ secret }) => secret)
  if (lacking.length === 0 && plan.add.length === 0) return { secrets: new Set(told), lacking: [] }
  const written = lacking.length === 0 ? [] : facts.written.map(({ secret }) => secret)
  const matched = facts.rulebook.settings.inject.match ? lacking.map(({ image }) => image) : []
  return { secrets: new Set([...listed, ...written, ...told]), lacking: matched }
}

function doubtsOfFindings(facts: PodFacts, plan: Plan): string[] {
  const references = facts.references.map(({ secret }) => secret)
  const unknown = references.filter(name => secretState(facts, name).state === 'unknown')
  const findings = evaluate(facts, plan)
  if (findings.some(({ code }) => code === 'ImageNotCovered')) return [...references, ...accountReferences(facts)]
  return [...unknown, ...findings.flatMap(({ secret }) => (secret === undefined ? [] : [secret]))]
}

function accountReferences({ serviceAccount }: PodFacts): readonly string[] {
  return serviceAccount.state === 'value' ? serviceAccount.value.references : []
}
