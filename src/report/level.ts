import type { CheckedObject } from '../engine/checked.ts'
import type { Effect } from '../policy/finding.ts'

export type Level = 'error' | 'warning' | 'note'

/** The level of each effect for people, as SARIF has them too. */
export const LEVELS = {
  blocks: 'error',
  mayBlock: 'warning',
  degrades: 'note',
} as const satisfies Record<Effect, Level>

/**
 * How many findings there are of each level. That an object counts on what regcred adds is a note, unless who asked said that
 * it may.
 */
export function countLevels(
  objects: readonly CheckedObject[],
  assumeInjection: boolean,
): Readonly<Record<Level, number>> {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { findings, plan } of objects) {
    for (const { effect } of findings) counts[LEVELS[effect]] += 1
    if (!assumeInjection) counts.note += plan.add.length
  }
  return counts
}
