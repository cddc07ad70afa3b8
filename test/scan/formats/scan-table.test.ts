import t from 'tap'
import { writeScanCsv, writeScanMarkdown } from '../../../src/scan/formats/scan-table.ts'
import { cause, scanned, scanOf, workloadOf } from './scans.ts'

const causes = [
  cause('a', { workloads: [workloadOf('Deployment', 'web', 2), workloadOf('CronJob', 'nightly')] }),
  cause('a', { level: 'note', code: 'LabelInvalid', secret: undefined, problem: 'a, b', workloads: [] }),
]
const scan = scanOf(scanned('a', { causes, unexplained: [workloadOf('StatefulSet', 'db', 1)] }))

t.test('CSV', async t => {
  t.equal(
    writeScanCsv(scan),
    `namespace,level,code,kind,name,waiting,secret,message,advice
a,error,SecretNotFound,Deployment,web,2,x,"Secret ""x"" does not exist",
a,error,SecretNotFound,CronJob,nightly,0,x,"Secret ""x"" does not exist",
a,error,Waiting,StatefulSet,db,1,,its Pods wait for an image,
a,note,LabelInvalid,,,0,,"a, b",
`,
  )
})

t.test('no cell of CSV is a formula, or more than a line', async t => {
  for (const begin of ['=', '+', '-', '@', '\t', '\r']) {
    const problem = `${begin}HYPERLINK("http://x")\n=1`
    const [, row = '', ...more] = writeScanCsv(scanOf(scanned('a', { causes: [cause('a', { problem })] }))).split('\n')
    t.match(row, /,"'[=+@\\-].*HYPERLINK/)
    t.strictSame(more, [''])
  }
})

t.test('Markdown', async t => {
  t.equal(
    writeScanMarkdown(scan),
    `| Namespace | Level | Code | Workload | Message |
| --- | --- | --- | --- | --- |
| a | error | SecretNotFound | Deployment web | Secret "x" does not exist |
| a | error | SecretNotFound | CronJob nightly | Secret "x" does not exist |
| a | error | Waiting | StatefulSet db | its Pods wait for an image |
| a | note | LabelInvalid |  | a, b |
`,
  )
})

t.test('nothing in a cell of Markdown is Markdown, or HTML', async t => {
  const problem = '| [x](http://x) <img src=x> `a` **b** @all #1 &amp; \\|\n'
  const [, , row] = writeScanMarkdown(scanOf(scanned('a', { causes: [cause('a', { problem })] }))).split('\n')
  t.equal(
    row,
    '| a | error | SecretNotFound | Deployment web | \\| \\[x\\]\\(http\\://x\\) &lt;img src=x\\> \\`a\\` \\*\\*b\\*\\* \\@all \\#1 &amp;amp; \\\\\\|\\\\u000a |',
  )
})
