import t from 'tap'
import { Budget, UNCOUNTED } from '../../src/runtime/budget.ts'

t.test('what has been refused once is over: no later piece of work is done, however small', async t => {
  const budget = new Budget(100, 10)
  t.equal(budget.spend(60), true)
  t.equal(budget.isSpent, false)
  t.equal(budget.spend(41), false)
  t.equal(budget.spend(1), false)
  t.equal(budget.isSpent, true)
  t.equal(budget.steps, 60)
})

t.test('what explains has steps of its own, and takes none of the verdict', async t => {
  const budget = new Budget(100, 10)
  t.equal(budget.explanations.spend(8), true)
  t.equal(budget.explanations.spend(8), false)
  t.equal(budget.isSpent, false)
  t.equal(budget.spend(100), true)
  t.equal(budget.steps, 108)
  t.equal(budget.explanations.explanations, budget.explanations)
})

t.test('an object in a file may cost a thousand times as much', async t => {
  t.equal(new Budget().spend(700_001), false)
  const next = Budget.forManifests()
  t.equal(next().spend(700_000_000), true)
  t.equal(next().explanations.spend(50_000_000), true)
  t.equal(next().explanations.spend(1), false, 'what explains is shared by all objects')
  t.equal(next().spend(1), true)
  t.equal(UNCOUNTED.spend(Number.MAX_SAFE_INTEGER), true)
})
