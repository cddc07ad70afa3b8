import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { type Answer, align, answer } from './answers.ts'
import type { Case } from './cases.ts'

// What the kubelet's own code answered; record.ts asks it anew, test/e2e/kubelet/differential.test.ts many times more.
const folder = join(import.meta.dirname, 'recorded')
const FEWEST = 90
const MOST_SHOWN = 5

for (const file of await readdir(folder)) {
  t.test(`the recorded ${file} get the kubelet's answers`, async t => {
    const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n')
    const recorded: { case: Case; answer: Answer }[] = lines.map(line => JSON.parse(line))
    const pairs = recorded.map(({ case: question, answer: theirs }) => align(theirs, answer(question)))
    const different = pairs.filter(({ theirs, ours }) => !isDeepStrictEqual(ours, theirs))
    t.ok(lines.length >= FEWEST, 'there are enough of them')
    t.equal(different.length, 0, `all ${lines.length} are answered alike`)
    for (const { theirs, ours } of different.slice(0, MOST_SHOWN)) t.strictSame(ours, theirs)
  })
}
