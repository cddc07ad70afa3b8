import t from 'tap'
import { annotate, type Recorded } from '../../src/decision/annotations.ts'

const cases: readonly { readonly name: string; readonly recorded: Recorded; readonly wanted: object }[] = [
  { name: 'nothing', recorded: { mode: 'warn', injected: [], skipped: [] }, wanted: {} },
  {
    name: 'a plan',
    recorded: {
      injected: ['a', 'b'],
      skipped: [
        { held: 'c', source: 'rule', reason: 'notUsable' },
        { held: 'd', source: 'pod', reason: 'alreadyListed' },
        { held: null, source: 'rule', reason: 'notThere' },
        { held: null, source: 'rule', reason: 'notThere' },
      ],
    },
    wanted: { injected: 'a,b', skipped: 'c=notUsable,d=alreadyListed,rule=notThere' },
  },
  {
    name: 'why there is none',
    recorded: { skipped: [{ held: null, source: null, reason: 'optedOut' }] },
    wanted: { skipped: 'optedOut' },
  },
  {
    name: 'findings, and the mode that they met',
    recorded: {
      mode: 'audit',
      findings: [
        { code: 'SecretNotFound', effect: 'blocks', secret: 'gone', suggestion: 'done' },
        { code: 'SecretMalformed', effect: 'degrades', from: 'serviceAccount' },
        { code: 'ImageNotCovered', effect: 'blocks', container: 'web' },
      ],
    },
    wanted: {
      findings:
        'SecretNotFound blocks secret=gone suggestion=done; SecretMalformed degrades from=serviceAccount; ' +
        'ImageNotCovered blocks container=web',
      mode: 'audit',
    },
  },
  {
    name: 'what is unknown',
    recorded: { unknown: ['secret/a', 'secret', 'secret', 'namespace'] },
    wanted: { unknown: 'secret/a,secret,namespace' },
  },
  { name: 'an error', recorded: { error: 'spec must be a mapping' }, wanted: { error: 'spec must be a mapping' } },
]

for (const { name, recorded, wanted } of cases) {
  t.test(`annotated: ${name}`, async t => t.strictSame(annotate(recorded), wanted))
}

t.test('a value is one line, and never longer than an auditor keeps', async t => {
  const { error = '', findings } = annotate({
    error: 'x'.repeat(3000),
    findings: [{ code: 'SecretNotFound', effect: 'blocks', secret: 'a\nb' }],
  })
  t.equal(error.length, 2000)
  t.equal(findings, 'SecretNotFound blocks secret=a\\u000ab')
})
