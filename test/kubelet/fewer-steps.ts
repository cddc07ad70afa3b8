import assert from 'node:assert/strict'
import type { Test } from 'tap'
import { Budget } from '../../src/runtime/budget.ts'

/** Steps that are enough for all that a test looks up. */
const ENOUGH = 1000

/**
 * Fails where with fewer steps something is found that is not there. A lookup has to begin anew each time.
 *
 * @returns how many are found without steps, with nearly enough, and with enough
 */
function countFoundWithFewer(find: (steps: Budget) => readonly string[]): (number | undefined)[] {
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

/**
 * Has whoever looks images up do so with fewer and fewer steps.
 *
 * @param find in Secrets for ghcr.io and *.io, for *.io/acme, and for docker.io
 */
export function expectLessWithFewer(t: Test, find: (image: string, steps: Budget) => readonly string[]): void {
  for (const [image, all] of [
    ['ghcr.io/acme/web', 3],
    ['nginx', 2],
  ] as const) {
    t.strictSame(
      countFoundWithFewer(steps => find(image, steps)),
      [0, all, all],
      image,
    )
  }
}
