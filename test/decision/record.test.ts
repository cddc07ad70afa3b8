import t from 'tap'
import { recordFindings, recordSkips } from '../../src/decision/record.ts'
import type { Finding } from '../../src/policy/finding.ts'
import { ADVICE } from './finding.ts'

const ABOUT = {
  effect: 'blocks',
  affectsPrivate: false,
  problem: 'of acme, for "registry.example.com"',
  advice: ADVICE,
} as const
const FINDINGS: readonly Finding[] = [
  {
    ...ABOUT,
    code: 'SecretNotFound',
    secret: 'own',
    origin: 'object',
    suggestion: { of: 'secret', text: 'owm' },
  },
  { ...ABOUT, code: 'SecretMalformed', secret: 'other', origin: 'serviceAccount' },
  { ...ABOUT, code: 'NotInjected', secret: 'other', origin: 'object', container: 'web' },
  { ...ABOUT, code: 'ImageNotCovered', origin: 'object', suggestion: { of: 'key', text: 'registry.example.com' } },
]
const holds = (secret: string) => secret === 'own'

t.test('a finding is recorded with the names that the object holds, or with where they are from', async t => {
  const records = [
    { code: 'SecretNotFound', effect: 'blocks', secret: 'own' },
    { code: 'SecretMalformed', effect: 'blocks', from: 'serviceAccount' },
    { code: 'NotInjected', effect: 'blocks', container: 'web' },
    { code: 'ImageNotCovered', effect: 'blocks' },
  ]
  for (const suggestions of ['requester', 'none'] as const) {
    t.strictSame(recordFindings(FINDINGS, holds, suggestions), records, suggestions)
  }
})

t.test('with suggestions for all another Secret is named too, and never a key', async t => {
  const [first, ...rest] = recordFindings(FINDINGS, holds, 'all')
  t.match(first, { suggestion: 'owm' })
  t.notMatch(rest, [{}, {}, { suggestion: String }])
  t.notMatch(JSON.stringify(rest), 'registry.example.com')
})

t.test('so is a decision not to add', async t => {
  const skipped = [
    { secret: 'own', source: 'pod', reason: 'notThere' },
    { secret: 'other', source: 'rule', reason: 'notUsable' },
    { secret: null, source: null, reason: 'exempt' },
  ] as const
  t.strictSame(recordSkips(skipped, holds), [
    { held: 'own', source: 'pod', reason: 'notThere' },
    { held: null, source: 'rule', reason: 'notUsable' },
    { held: null, source: null, reason: 'exempt' },
  ])
})
