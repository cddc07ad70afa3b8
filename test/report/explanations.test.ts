import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { FINDINGS } from '../../src/policy/finding.ts'
import { EXPLANATIONS, writeExplanation } from '../../src/report/explanations.ts'
import { writeFindingsPage } from './findings-page.ts'

const PAGE = join(import.meta.dirname, '../../docs/findings.md')

t.test('docs/findings.md is written from the explanations; UPDATE=1 does it', async t => {
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, writeFindingsPage())
  t.equal(readFileSync(PAGE, 'utf8'), writeFindingsPage())
})

t.test('each code is explained', async t => {
  t.strictSame(Object.keys(EXPLANATIONS).toSorted(), Object.keys(FINDINGS).toSorted())
})

for (const [code, { manifests, says }] of Object.entries(EXPLANATIONS)) {
  if (manifests === '') continue
  t.test(`of the example of ${code} that is said`, async t => {
    const found = await check(manifests)
    t.ok(found.includes(`${code}: ${says}`), { found })
  })
}

t.test('what only a cluster shows has no manifest and is printed without', async t => {
  const shown = writeExplanation('NotInjected').join('\n')
  t.match(shown, /^NotInjected: a pull secret was not added in time\n/)
  t.match(shown, 'Example:\n    NotInjected: regcred could not')
  t.notMatch(shown, '`')
})

async function check(manifests: string): Promise<string[]> {
  const streams = { stdin: Readable.from([manifests]), stdout: new PassThrough(), stderr: new PassThrough() }
  const { exitCode } = process
  await checkCommand(streams).parseAsync(['-f', '-', '-o', 'json'], { from: 'user' })
  // The command sets the exit status of its process, which is this test's.
  process.exitCode = exitCode
  streams.stdout.end()
  const { objects } = JSON.parse(await text(streams.stdout))
  return objects.flatMap((object: { findings: { code: string; message: string }[] }) =>
    object.findings.map(({ code, message }) => `${code}: ${message}`),
  )
}
