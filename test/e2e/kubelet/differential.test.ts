import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { align, answer } from '../../kubelet/answers.ts'
import { anyCase } from '../../kubelet/cases.ts'
import { knownDifference } from './known-differences.ts'
import { Oracle } from './oracle.ts'

const path = process.env['REGCRED_ORACLE']
const runs = Number(process.env['REGCRED_ORACLE_CASES'] ?? 100_000)
/** Of the kubelet that is asked, if not the pinned one. */
const version = process.env['REGCRED_ORACLE_VERSION']
const seed = Number(process.env['REGCRED_ORACLE_SEED'] ?? Date.now() % 2 ** 31)

// A hundred thousand cases take about a minute.
t.setTimeout(0)

t.test('regcred and the kubelet say the same of every case', async t => {
  if (path === undefined) {
    t.fail('REGCRED_ORACLE has to name the program built from test/e2e/kubernetes/oracle')
    return
  }
  const oracle = new Oracle(path)
  t.teardown(() => oracle.close())
  const differences = new Map<string, number>()
  const seen = { matched: 0, malformed: 0, imageInvalid: 0 }
  const property = fc.asyncProperty(anyCase(), async question => {
    const { theirs, ours } = align(await oracle.ask(question), answer(question))
    const known = version === undefined ? undefined : knownDifference(version, theirs, ours)
    if (known !== undefined) {
      differences.set(known, (differences.get(known) ?? 0) + 1)
      return
    }
    if (theirs.matches !== undefined) seen.matched++
    if (theirs.repo === undefined) seen.imageInvalid++
    if (theirs.secrets.some(({ kind }) => kind === 'malformed')) seen.malformed++
    if (isDeepStrictEqual(ours, theirs)) return
    throw new Error(
      `the kubelet: ${JSON.stringify(theirs)}\nregcred:     ${JSON.stringify(ours)}\nof ${show(question)}`,
    )
  })

  // The first failing case is shrunk to the smallest that fails too, and the report names the seed that repeats the run.
  const result = await fc.check(property, { numRuns: runs, seed })
  const report = `${fc.defaultReportMessage(result)}\n${result.errorInstance}`
  t.notOk(result.failed, result.failed ? report : `${runs} cases without a difference`)
  t.comment(`seed ${seed}: ${JSON.stringify(seen)} of ${result.numRuns} cases`)
  for (const [what, times] of differences) t.comment(`${version}: ${what}, in ${times} cases`)
  t.ok(seen.matched > runs / 4 && seen.malformed > runs / 20 && seen.imageInvalid > runs / 20, 'the cases hit')
})

/** The contents of the Secrets in the clear; bytes that are no UTF-8 are lost in this. */
function show({ secrets, image }: Parameters<typeof answer>[0]): string {
  const clear = secrets.map(({ type, data }) => ({
    type,
    data: Object.entries(data).map(([key, value]) => `${key}=${Buffer.from(value, 'base64')}`),
  }))
  return JSON.stringify({ secrets: clear, image })
}
