import t from 'tap'
import { atMost, FINDINGS, isFindingCode, kindOf, worse } from '../../src/policy/finding.ts'

const EFFECTS = ['degrades', 'mayBlock', 'blocks'] as const

t.test('effects have an order', async t => {
  const pairs = EFFECTS.flatMap((a, i) => EFFECTS.map((b, j) => ({ a, b, i, j })))
  t.strictSame(
    pairs.filter(({ a, b, i, j }) => worse(a, b) !== EFFECTS[Math.max(i, j)]),
    [],
  )
  t.strictSame(
    pairs.filter(({ a, b, i, j }) => atMost(a, b) !== EFFECTS[Math.min(i, j)]),
    [],
  )
})

t.test('a code is one of the table, and nothing that every object has', async t => {
  t.ok(isFindingCode('SecretNotFound'))
  t.notOk(isFindingCode('secretnotfound'))
  t.notOk(isFindingCode('toString'))
  t.equal(kindOf('SecretNotFound'), FINDINGS.SecretNotFound)
})

t.test('the reason of a code is one short phrase, and no other has it', async t => {
  const reasons = Object.values(FINDINGS).map(({ reason }) => reason)
  t.equal(new Set(reasons).size, reasons.length)
  t.strictSame(
    reasons.filter(reason => !/^[a-zA-Z ,]{10,60}$/.test(reason)),
    [],
  )
})
