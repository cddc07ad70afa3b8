import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Share } from './run.ts'

const ROOT = join(import.meta.dirname, '../..')
const { files, claims }: Share = JSON.parse(process.env['UNIT_TESTS'] ?? '')

/** Runs test files one after another, all in this process: tap's `t` is the same for all of them. */
t.beforeEach(async () => {
  // As at the start of a process, nothing is overdue: timers run, and what they put off.
  for (let turn = 0; turn < 3; turn += 1) await setImmediate()
})
let taken = 0
for (const [i, file] of files.entries()) {
  if (!isMine(i)) continue
  taken += 1
  // The tests of a file stand in line behind this one, so the next file is claimed once they are through.
  await t.test(file, async () => void (await import(join(ROOT, file))))
}
// What tap would print at the end, if it had anything to do.
if (taken === 0) console.log('# { total: 0, pass: 0 }')

/** Whether no other process has taken this file before. */
function isMine(index: number): boolean {
  try {
    closeSync(openSync(join(claims, String(index)), 'wx'))
    return true
  } catch {
    return false
  }
}
