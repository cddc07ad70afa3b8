import type { Outcome } from '../engine/admit.ts'

/** What became of a review. */
export type OutcomeLabel = 'nothing' | 'unreadable' | 'refused' | 'patched' | 'warned' | 'allowed'

export function labelOutcome({ review, decision }: Outcome): OutcomeLabel {
  const { about } = review.subject
  if (about === 'nothing' || about === 'unreadable') return about
  if (!decision.allowed) return 'refused'
  if (decision.patch !== undefined) return 'patched'
  return decision.warnings.length > 0 ? 'warned' : 'allowed'
}
