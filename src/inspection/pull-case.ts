import type { Keeper } from '../advice/on-secrets.ts'
import { NOTHING_CONFIRMED, type ViewLookup } from '../engine/namespace-lookup.ts'
import { podFacts } from '../engine/pod-facts.ts'
import type { ManifestView } from '../manifests/view.ts'
import { keyringOf } from '../policy/coverage.ts'
import type { PodFacts } from '../policy/facts.ts'
import { faultOf } from '../policy/findings/reference.ts'
import type { SecretState } from '../policy/known.ts'
import { namesOf } from '../policy/reference.ts'
import type { Rulebook } from '../policy/rulebook.ts'
import type { PodSubject } from '../review/review.ts'
import { Budget } from '../runtime/budget.ts'
import type { KeyringInUse } from './answer-pull.ts'

/** A Pod, and all that is known of its namespace. */
export interface PullQuestion {
  readonly pod: PodSubject
  readonly namespace: string
  /** Holds its ServiceAccount, and the Secrets that were read. */
  readonly view: ManifestView
  readonly rulebook: Rulebook
  /** What keeps a Secret of the namespace as it is. */
  readonly keeper: (secret: string) => Keeper
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A Pod in the form in which its images are asked about. */
export interface PullCase extends KeyringInUse {
  readonly question: PullQuestion
  readonly facts: PodFacts
  readonly lookup: ViewLookup
  /** What is wrong with each listed Secret that is of no use at all. */
  readonly faults: readonly string[]
}

/** Reads a question: its facts, and the keyring that the kubelet would make. */
export function openPullCase(question: PullQuestion): PullCase {
  const { pod, namespace, view, rulebook, now } = question
  const budget = Budget.forManifests()()
  const context = { view, live: view, rulebook, now: () => now }
  const { facts, lookup } = podFacts(pod, namespace, context, NOTHING_CONFIRMED, budget)
  const names = namesOf(facts.references)
  const keyring = keyringOf(names, { facts, lookup, budget })
  const broken = names.find(name => {
    const state = lookup.secret(name)
    return state.state === 'value' && state.value.kind === 'malformed'
  })
  const faults = names.flatMap(name => explainUseless(name, lookup.secret(name)))
  return { question, facts, lookup, keyring, broken, faults, now: facts.now }
}

function explainUseless(name: string, state: SecretState): readonly string[] {
  // Where all that is asked for was read, nothing is unknown.
  if (state.state !== 'value') return [`Secret "${name}" does not exist`]
  const fault = faultOf(state.value)
  return fault === undefined ? [] : [`Secret "${name}" ${fault.problem}`]
}
