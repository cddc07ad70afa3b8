import type { WrittenSource } from './reference.ts'

type PlanSource = WrittenSource | 'match'

/** A reference that regcred would add. */
export interface Planned {
  readonly secret: string
  readonly source: PlanSource
}

export type SkipReason =
  | 'disabled'
  | 'modeOff'
  | 'optedOut'
  | 'namespaceDisabled'
  | 'exempt'
  | 'mirrorPod'
  | 'mountableSecretsEnforced'
  | 'alreadyListed'
  | 'nothingToCover'
  | 'notThere'
  | 'notUsable'
  | 'registryNotEligible'
  | 'tooMany'
  | 'tooMuch'
  | 'unknown'

/** A decision not to add: of one name, or (without a name) of everything. */
export interface Skipped {
  readonly secret: string | null
  readonly source: PlanSource | null
  readonly reason: SkipReason
}

/** The references to append to a Pod, in order, and each decision not to. */
export interface Plan {
  readonly add: readonly Planned[]
  /** What would be appended, where the mode says to record that alone; then nothing is. */
  readonly wouldAdd: readonly Planned[]
  readonly skipped: readonly Skipped[]
}

/** The plan where there is nothing to decide. */
export const NO_PLAN: Plan = { add: [], wouldAdd: [], skipped: [] }

/** The plan where nothing is to be added, for one reason. */
export function noPlan(reason: SkipReason): Plan {
  return { add: [], wouldAdd: [], skipped: [{ secret: null, source: null, reason }] }
}
