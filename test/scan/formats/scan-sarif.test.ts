import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { writeScanSarif } from '../../../src/scan/formats/scan-sarif.ts'
import type { Scan } from '../../../src/scan/scan.ts'
import { HOSTILE } from '../../report/formats/hostile.ts'
import { holdsInvisible } from '../../runtime/hostile-text.ts'
import { cause, scanned, scanOf, workloadOf } from './scans.ts'

const SCHEMA = Compile(
  JSON.parse(readFileSync(new URL('../../report/formats/sarif.schema.json', import.meta.url), 'utf8')),
)
const DOCS = new URL('../../../docs/', import.meta.url)

function runOf(scan: Scan) {
  const { text, leftOut } = writeScanSarif(scan, '1.2.3')
  const sarif = JSON.parse(text)
  t.strictSame([...SCHEMA.Errors(sarif)], [], 'it fits the schema')
  return { text, leftOut, run: sarif.runs[0] }
}

const causes = [
  cause('a', { level: 'note', code: 'LabelInvalid', secret: undefined, problem: 'a label is wrong', workloads: [] }),
  cause('a', { level: 'note', code: 'SecretWrongType', problem: 'it has type Opaque', workloads: [] }),
  cause('a', { workloads: [workloadOf('Deployment', 'web', 2), workloadOf('CronJob', 'nightly')], advice: 'make it' }),
]

t.test('each cause is a result for each of its workloads, the gravest first, and has no file', async t => {
  const { run } = runOf(scanOf(scanned('a', { causes, unexplained: [workloadOf('StatefulSet', 'db', 1)] })))
  const told = run.results.map(({ ruleId, level, message, locations, ruleIndex }: never) => [
    ...[level, ruleId, run.tool.driver.rules[ruleIndex]['id'], message['text']],
    locations[0]['logicalLocations'][0],
  ])
  const at = (kind: string, name: string, fullyQualifiedName: string) => ({ name, fullyQualifiedName, kind })
  t.strictSame(told, [
    [
      ...['error', 'SecretNotFound', 'SecretNotFound'],
      'Deployment web in namespace a: Secret "x" does not exist; make it',
      at('resource', 'web', 'a/Deployment/web'),
    ],
    [
      ...['error', 'SecretNotFound', 'SecretNotFound'],
      'CronJob nightly in namespace a: Secret "x" does not exist; make it',
      at('resource', 'nightly', 'a/CronJob/nightly'),
    ],
    [
      ...['error', 'Waiting', 'Waiting'],
      'StatefulSet db in namespace a: its Pods wait for an image, though nothing is wrong with their pull secrets',
      at('resource', 'db', 'a/StatefulSet/db'),
    ],
    ['note', 'LabelInvalid', 'LabelInvalid', 'Namespace a: a label is wrong', at('namespace', 'a', 'a')],
    [
      ...['note', 'SecretWrongType', 'SecretWrongType'],
      'Secret x in namespace a: it has type Opaque',
      at('resource', 'x', 'a/Secret/x'),
    ],
  ])
})

t.test('a fingerprint is of code, object and Secret', async t => {
  const of = (namespace: string, parts = {}): string =>
    runOf(scanOf(scanned(namespace, { causes: [cause(namespace, parts)] }))).run.results[0].partialFingerprints
      .primaryLocationLineHash
  t.equal(of('a'), of('a', { problem: 'said otherwise', advice: 'y', level: 'warning' }))
  const others = [of('b'), of('a', { code: 'SecretWrongType' }), of('a', { secret: 'y' })]
  t.equal(new Set([of('a'), ...others, of('a', { workloads: [workloadOf('Job', 'web')] })]).size, 5)
})

t.test('what could not be read is a notification, and the run has failed', async t => {
  const notRead = [{ namespace: 'b', reason: 'you may not list secrets', isForbidden: true }]
  const { run } = runOf({ ...scanOf(scanned('a')), notRead, remarks: ['Pod a/b: odd'] })
  t.match(run.invocations, [
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          level: 'error',
          message: { text: 'b: you may not list secrets' },
          locations: [{ logicalLocations: [{ name: 'b', kind: 'namespace' }] }],
        },
        { message: { text: 'Pod a/b: odd' } },
      ],
    },
  ])
  t.equal(runOf(scanOf(scanned('a'))).run.invocations[0].executionSuccessful, true)
})

t.test('the rule of what only a scan can find leads to its heading in the docs', async t => {
  const { helpUri } = runOf(scanOf()).run.tool.driver.rules.at(-1)
  const [, file = '', anchor] = /\/docs\/([a-z]+\.md)#(.*)$/.exec(helpUri) ?? []
  t.ok(existsSync(new URL(file, DOCS)), file)
  t.match(readFileSync(new URL(file, DOCS), 'utf8'), /^#+ Waiting$/m)
  t.equal(anchor, 'waiting')
})

t.test('hostile names are text, and cut', async t => {
  for (const word of HOSTILE) {
    const workloads = [workloadOf(word, word, 1)]
    const wrong = cause(word, { secret: word, problem: word, advice: word, workloads })
    const notRead = [{ namespace: word, reason: word, isForbidden: false }]
    const { text, run } = runOf({ ...scanOf(scanned(word, { causes: [wrong], unexplained: workloads })), notRead })
    t.notOk(holdsInvisible(text.replaceAll('\n', '')))
    for (const { message } of run.results) t.notMatch(message.text, /\]\(|\{\d+\}/)
    t.ok(text.length < 80_000)
  }
})
