import t from 'tap'
import { writeMarkdown } from '../../../src/report/formats/markdown.ts'
import { checked, NAMESPACE, POD } from '../checked.ts'
import { HOSTILE, hostile, many, reportOf } from './hostile.ts'

const FINDINGS = 'https://github.com/regcred/regcred/blob/main/docs/findings.md'

t.test('a table, the gravest first', t => {
  const manifest = { ...POD.manifest, file: '/work/k8s/web.yaml', line: 3, column: 1 }
  const object = { ...POD, manifest, plan: { ...POD.plan, add: [] } }
  t.strictSame(writeMarkdown(reportOf(checked(object, NAMESPACE))).split('\n'), [
    '<!-- regcred -->',
    '**regcred**: 2 objects checked: 0 errors, 1 warning, 1 note',
    '',
    '| Level | Where | Finding | What is wrong, and what to do |',
    '| --- | --- | --- | --- |',
    `| warning | \`stdin\` | [LabelInvalid](${FINDINGS}#labelinvalid) | \`Namespace team-a: a label\\u000aforges a line; remove it\` |`,
    `| note | \`k8s/web.yaml:3\` | [SecretNotFound](${FINDINGS}#secretnotfound) | \`Pod web in namespace team-a: pull secret "amce" is not there; did you mean "acme"?\` |`,
    '',
  ])
  t.end()
})

t.test('without a problem there is no table', t => {
  t.equal(
    writeMarkdown(reportOf(checked())),
    '<!-- regcred -->\n**regcred**: 0 objects checked: 0 errors, 0 warnings, 0 notes\n',
  )
  t.end()
})

t.test('hostile names end neither their code nor their cell', t => {
  const rows = writeMarkdown(reportOf(hostile)).trimEnd().split('\n').slice(5)
  t.equal(rows.length, 3 * HOSTILE.length)
  for (const row of rows) {
    t.match(row, /^\| (?:error|note) \| `[^`|]+` \| \[\w+\]\(https:[^)`|]+\) \| `[^`|]+` \|$/)
  }
  t.end()
})

t.test('there is no more than there is room for, and how much more there is', t => {
  const text = writeMarkdown(reportOf(many(10_000)))
  t.ok(Buffer.byteLength(text) <= 65_536 && Buffer.byteLength(text) > 60_000, String(Buffer.byteLength(text)))
  const rows = text.split('\n').filter(line => line.startsWith('| note') || line.startsWith('| error'))
  t.match(rows[0], /^\| error \| .*web-9999/, 'the last of the input')
  t.ok(text.endsWith(`|\n\nand ${10_000 - rows.length} more problems\n`), text.slice(-100))
  t.equal(writeMarkdown(reportOf(many(10)), 200), '', 'nothing fits')
  t.end()
})
