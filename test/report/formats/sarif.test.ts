import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { FINDINGS } from '../../../src/policy/finding.ts'
import { writeSarif } from '../../../src/report/formats/sarif.ts'
import { holdsInvisible } from '../../runtime/hostile-text.ts'
import { checked, POD } from '../checked.ts'
import { HOSTILE, hostile, many, reportOf } from './hostile.ts'

const SCHEMA = Compile(JSON.parse(readFileSync(new URL('sarif.schema.json', import.meta.url), 'utf8')))
const DOCS = new URL('../../../docs/', import.meta.url)

function sarifOf(...args: Parameters<typeof writeSarif>) {
  const { text, leftOut } = writeSarif(...args)
  const sarif = JSON.parse(text)
  t.strictSame([...SCHEMA.Errors(sarif)], [], 'it fits the schema')
  return { text, leftOut, run: sarif.runs[0], bytes: text.length }
}

const [FINDING] = POD.findings

t.test('each problem is a result of its rule, with its level, its place and what to do', t => {
  const manifest = { ...POD.manifest, file: '/work/k8s/a b/wéb.yaml', line: 3, column: 1 }
  const findings = [{ ...FINDING, place: { line: 20, column: 17 } }] as typeof POD.findings
  const { run } = sarifOf(reportOf(checked({ ...POD, manifest, findings })), '1.2.3')
  t.equal(run.tool.driver.semanticVersion, '1.2.3')
  const [found, added] = run.results
  t.match(found, {
    ruleId: 'SecretNotFound',
    level: 'note',
    message: { text: 'Pod web in namespace team-a: pull secret "amce" is not there; did you mean "acme"?' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'k8s/a%20b/w%C3%A9b.yaml' },
          region: { startLine: 20, startColumn: 17 },
        },
      },
    ],
  })
  t.equal(run.tool.driver.rules[found.ruleIndex].id, 'SecretNotFound')
  t.match(added, { ruleId: 'WouldInject', message: { text: /regcred would add "acme"/ } })
  t.equal(run.tool.driver.rules[added.ruleIndex].id, 'WouldInject')
  t.end()
})

t.test('every code has a rule with help, which leads to its heading in the docs', t => {
  const { run } = sarifOf(reportOf(checked()), '1.2.3')
  const { rules } = run.tool.driver
  t.strictSame(
    rules.map(({ id }: { id: string }) => id),
    [...Object.keys(FINDINGS), 'WouldInject'],
  )
  for (const { id, help } of rules) {
    t.notMatch(help.text, /:(\n\n|$)/, `${id} holds what is to be typed`)
    t.notMatch(help.markdown, /:\n\n(?!```)/, id)
  }
  for (const { id, helpUri } of rules) {
    const [, file = '', anchor] = /\/docs\/([a-z]+\.md)#(.*)$/.exec(helpUri) ?? []
    t.ok(existsSync(new URL(file, DOCS)), file)
    t.match(readFileSync(new URL(file, DOCS), 'utf8'), new RegExp(`^#+ ${id}$`, 'm'))
    t.equal(anchor, id.toLowerCase())
  }
  t.end()
})

t.test(
  'a fingerprint is of code, object and Secret or image, and of no line; one that is there twice is told apart',
  t => {
    const of = (...objects: (typeof POD)[]): string[] =>
      sarifOf(
        reportOf(checked(...objects.map(object => ({ ...object, plan: { ...POD.plan, add: [] } })))),
        '1.2.3',
      ).run.results.map(
        (result: { partialFingerprints: { primaryLocationLineHash: string } }) =>
          result.partialFingerprints.primaryLocationLineHash,
      )
    const [first] = of(POD)
    const moved = { ...POD, manifest: { ...POD.manifest, file: 'other.yaml', line: 99 } }
    t.strictSame(of(moved), [first])
    t.not(of({ ...POD, name: 'api' })[0], first)
    t.not(of({ ...POD, namespace: 'team-b' })[0], first)
    t.not(of({ ...POD, manifest: { ...POD.manifest, kind: 'Job' } })[0], first)
    t.not(of({ ...POD, findings: [{ ...FINDING, secret: 'hub' } as (typeof POD.findings)[0]] })[0], first)
    t.strictSame(of(POD, moved), [first, first?.replace(/:1$/, ':2')])
    t.end()
  },
)

t.test('what could not be read is a notification, and the run has failed', t => {
  const errors = [{ file: '/work/bad.yaml', line: 3, message: 'not YAML' }]
  const { run } = sarifOf(reportOf({ ...checked(), errors }), '1.2.3')
  t.match(run.invocations, [
    { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', message: { text: 'not YAML' } }] },
  ])
  t.strictSame(run.results, [])
  t.end()
})

t.test('hostile names are text: no link, no argument, nothing invisible, and no more than fits', t => {
  const { text, run } = sarifOf(reportOf(hostile), '1.2.3')
  t.equal(run.results.length, 2 * HOSTILE.length)
  for (const { message } of run.results) {
    t.notMatch(message.text, /\]\(|\{\d+\}/)
    t.notOk(holdsInvisible(message.text))
  }
  t.notOk(holdsInvisible(text.replaceAll('\n', '')))
  t.ok(text.length < 200_000, `${text.length} characters`)
  t.end()
})

t.test('more than GitHub takes is left out, the mildest first, and it is said', t => {
  const report = reportOf(many(25_002))
  const { run, leftOut } = sarifOf(report, '1.2.3')
  t.equal(leftOut, 2)
  t.equal(run.results.length, 25_000)
  t.equal(run.results[0].level, 'error', 'the last of the input')
  t.match(run.invocations[0].toolExecutionNotifications, [
    { level: 'warning', message: { text: '2 results left out: more than GitHub takes' } },
  ])
  t.end()
})

t.test('a file that is too large after gzip gets smaller until it is not', t => {
  const report = reportOf(many(1000))
  const whole = sarifOf(report, '1.2.3')
  const { run, leftOut } = sarifOf(report, '1.2.3', { maxGzipBytes: 10_000 })
  t.ok(leftOut > 0 && run.results.length > 0, `${leftOut} left out`)
  t.equal(run.results.length + leftOut, 1000)
  t.equal(run.results[0].level, 'error')
  t.equal(whole.leftOut, 0)
  const none = sarifOf(report, '1.2.3', { maxGzipBytes: 100 })
  t.equal(none.run.results.length, 0, 'there is an end')
  t.end()
})

t.test('what is ignored is a suppressed result, behind the others, with the reason', async t => {
  const ignored = (['configuration', 'annotation', 'comment'] as const).flatMap(by =>
    POD.findings.map(finding => ({ finding, by, reason: 'Vault makes it' })),
  )
  const { run } = sarifOf(reportOf(checked({ ...POD, findings: [], ignored })), '1.2.3')
  t.match(run.results[0], { ruleId: 'WouldInject', suppressions: undefined })
  const justification = 'Vault makes it'
  t.strictSame(
    run.results.slice(1).map(({ suppressions }: { suppressions: unknown }) => suppressions),
    [
      [{ kind: 'external', justification }],
      [{ kind: 'inSource', justification }],
      [{ kind: 'inSource', justification }],
    ],
  )
})
