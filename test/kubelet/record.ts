/**
 * Rewrites recorded/, a case and its answer a line, from the oracle: node test/kubelet/record.ts ORACLE
 *
 * ORACLE is the program built from test/e2e/kubernetes/oracle. The cases are the same each time, so what changes in
 * the recorded answers is what changed in the kubelet.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { Oracle } from '../e2e/kubelet/oracle.ts'
import { addressCase, configCase, imageCase, matchingCase } from './cases.ts'

const RECORDED = {
  matching: { cases: matchingCase(), count: 300 },
  configs: { cases: configCase(), count: 400 },
  images: { cases: imageCase(), count: 300 },
  addresses: { cases: addressCase(), count: 100 },
}

/** Above this a case is there for its size, which differential.test.ts covers. */
const LONGEST = 4000

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('name the oracle: node test/kubelet/record.ts ORACLE')
const oracle = new Oracle(path)
for (const [name, { cases, count }] of Object.entries(RECORDED)) {
  const lines: string[] = []
  for (const question of fc.sample(cases, { numRuns: count, seed: 1 })) {
    if (JSON.stringify(question).length > LONGEST) continue
    lines.push(JSON.stringify({ case: question, answer: await oracle.ask(question) }))
  }
  await writeFile(join(import.meta.dirname, 'recorded', `${name}.jsonl`), `${lines.join('\n')}\n`)
}
await oracle.close()
