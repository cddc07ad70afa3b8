import t from 'tap'
import { labelOutcome } from '../../src/telemetry/outcome-label.ts'
import { outcome } from './outcome.ts'

t.test('what became of a review', async t => {
  const decision = { allowed: true, warnings: [], annotations: {} }
  t.equal(labelOutcome(outcome()), 'allowed')
  t.equal(labelOutcome(outcome({ about: 'nothing' })), 'nothing')
  t.equal(labelOutcome(outcome({ about: 'unreadable' })), 'unreadable')
  t.equal(labelOutcome(outcome({ decision: { ...decision, allowed: false } })), 'refused')
  t.equal(labelOutcome(outcome({ decision: { ...decision, patch: [] } })), 'patched')
  t.equal(labelOutcome(outcome({ decision: { ...decision, warnings: ['w'] } })), 'warned')
})
