import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { about, delayAfter } from '../../src/kube/backoff.ts'

t.test('the wait before the next attempt', async t => {
  const busy = (retryAfter: number) => new ApiError('refused', { status: 429, retryAfter })
  const cases = [
    { name: 'after a success it is short', failures: 0, trouble: undefined, least: 250, most: 500 },
    { name: 'it doubles', failures: 1, trouble: undefined, least: 500, most: 1000 },
    { name: 'with each failure', failures: 4, trouble: new Error('any'), least: 4000, most: 8000 },
    { name: 'up to ten seconds', failures: 400, trouble: undefined, least: 5000, most: 10_000 },
    { name: 'longer if asked', failures: 0, trouble: busy(40_000), least: 40_000, most: 40_000 },
    { name: 'not shorter if asked', failures: 4, trouble: busy(1), least: 4000, most: 8000 },
    { name: 'but not for ever', failures: 0, trouble: busy(1e9), least: 300_000, most: 300_000 },
    { name: 'an error that asks for nothing', failures: 0, trouble: new ApiError('silent'), least: 250, most: 500 },
  ]
  for (const { name, failures, trouble, least, most } of cases) {
    t.equal(
      delayAfter(failures, trouble, () => 0),
      least,
      name,
    )
    t.equal(
      delayAfter(failures, trouble, () => 1),
      most,
      name,
    )
  }
})

t.test('about so much', async t => {
  const amounts = [0, 0.5, 1].map(random => about(100, () => random))
  t.strictSame(amounts.map(Math.round), [80, 100, 120])
})
