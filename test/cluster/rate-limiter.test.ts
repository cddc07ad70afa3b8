import t from 'tap'
import { RateLimiter } from '../../src/cluster/rate-limiter.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

function setUp() {
  const clock = new FakeClock()
  const limiter = new RateLimiter(clock)
  /** How many reads may begin right now, of up to so many. */
  const takeAll = () => {
    limiter.refill()
    for (let taken = 0; taken < 1000; taken += 1) if (!limiter.tryAccept()) return taken
    return 1000
  }
  return { clock, limiter, takeAll }
}

t.test('so many at once, and then as many as come back with time', async t => {
  const { clock, limiter, takeAll } = setUp()
  t.equal(takeAll(), 200)
  clock.advance(500)
  t.equal(takeAll(), 50)
  clock.advance(60_000)
  t.equal(limiter.refill(), 5800, 'but never more; it says how many are too many')
  t.equal(takeAll(), 200)
})

t.test('it says how long the next one takes to come', async t => {
  const { clock, limiter, takeAll } = setUp()
  t.equal(limiter.wait, 0)
  takeAll()
  t.equal(limiter.wait, 10)
  clock.advance(4)
  limiter.refill()
  t.equal(limiter.wait, 6)
  clock.advance(6)
  limiter.refill()
  t.equal(limiter.wait, 0)
  limiter.pause(1000)
  t.equal(limiter.wait, 1010)
})

t.test('an API server that asks for no time is given none', async t => {
  const { limiter, takeAll } = setUp()
  limiter.pause(0)
  t.equal(limiter.isPaused, false)
  t.equal(takeAll(), 200)
})

t.test('none while the API server asks for time', async t => {
  const { clock, limiter, takeAll } = setUp()
  limiter.pause(2000)
  limiter.pause(1000)
  t.equal(limiter.isPaused, true)
  clock.advance(2000)
  t.equal(takeAll(), 0)
  t.equal(limiter.isPaused, false)
  clock.advance(1000)
  t.equal(takeAll(), 100)
  limiter.pause(3_600_000)
  clock.advance(31_000)
  t.equal(takeAll(), 100, 'which is not for ever')
})
