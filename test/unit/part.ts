import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')

/** Runs the test files that UNIT_TESTS names, one after another, all in this process: tap's `t` is the same for all of them. */
const { promise: loaded, resolve: load, reject: fail } = Promise.withResolvers<void>()
// No test begins before the last file is loaded: between two files tap would think that it is at the end.
t.test('every file loads', () => loaded)
t.beforeEach(async () => {
  // As at the start of a process, nothing is overdue: timers run, and what they put off.
  for (let turn = 0; turn < 3; turn += 1) await setImmediate()
})
try {
  for (const file of (process.env['UNIT_TESTS'] ?? '').split(',')) await import(join(ROOT, file))
  load()
} catch (error) {
  fail(error)
}
