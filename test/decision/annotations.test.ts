import t from 'tap'
import { annotate, type Recorded } from '../../src/decision/annotations.ts'
import { finding, uncovered } from './finding.ts'

const cases: readonly { readonly name: string; readonly recorded: Recorded; readonly wanted: object }[] = [
  { name: 'nothing', recorded: { mode: 'warn', plan: { add: [], skipped: [] } }, wanted: {} },
  {
    name: 'a plan',
    recorded: {
      plan: {
        add: [
          { secret: 'a', source: 'match' },
          { secret: 'b', source: 'pod' },
        ],
        skipped: [
          { secret: 'c', source: 'rule', reason: 'notUsable' },
          { secret: 'd', source: 'pod', reason: 'alreadyListed' },
        ],
      },
    },
    wanted: { injected: 'a,b', skipped: 'c=notUsable,d=alreadyListed' },
  },
  {
    name: 'why there is none',
    recorded: { plan: { add: [], skipped: [{ secret: null, source: null, reason: 'optedOut' }] } },
    wanted: { skipped: 'optedOut' },
  },
  {
    name: 'findings, and the mode that they met',
    recorded: { mode: 'audit', findings: [finding(), uncovered('web')] },
    wanted: { findings: 'SecretNotFound blocks secret=gone; ImageNotCovered blocks container=web', mode: 'audit' },
  },
  {
    name: 'what is unknown',
    recorded: { unknown: ['secret/a', 'namespace'] },
    wanted: { unknown: 'secret/a,namespace' },
  },
  { name: 'an error', recorded: { error: 'spec must be a mapping' }, wanted: { error: 'spec must be a mapping' } },
]

for (const { name, recorded, wanted } of cases) {
  t.test(`annotated: ${name}`, async t => t.strictSame(annotate(recorded), wanted))
}

t.test('a value is one line, and never longer than an auditor keeps', async t => {
  const { error = '', findings } = annotate({ error: 'x'.repeat(3000), findings: [finding({ secret: 'a\nb' })] })
  t.equal(error.length, 2000)
  t.equal(findings, 'SecretNotFound blocks secret=a�b')
})
