import assert from 'node:assert/strict'
import { Budget } from '../../src/runtime/budget.ts'

/** Steps that are enough for all that a test looks up. */
const ENOUGH = 1000

/**
 * Fails where with fewer steps something is found that is not there. A lookup has to begin anew each time.
 *
 * @returns how many are found without steps, with nearly enough, and with enough
 */
export function countFoundWithFewer(find: (steps: Budget) => readonly string[]): (number | undefined)[] {
  const all = find(new Budget(ENOUGH, 0))
  const counts = Array.from({ length: ENOUGH }, (_, steps) => {
    const found = find(new Budget(steps, 0))
    assert.ok(
      found.every(each => all.includes(each)),
      `with ${steps} steps`,
    )
    return found.length
  })
  return [counts[0], counts.at(-1), all.length]
}
