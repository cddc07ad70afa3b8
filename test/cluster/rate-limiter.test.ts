import t from 'tap'
import { RateLimiter } from '../../src/cluster/rate-limiter.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

function setUp() {
  const clock = new FakeClock()
  const limiter = new RateLimiter(clock)
  /** How many reads may begin right now, of up to so many. */
  const takeAll = (forPerson: boolean) => {
    for (let taken = 0; taken < 1000; taken += 1) if (!limiter.tryAccept(forPerson)) return taken
    return 1000
  }
  return { clock, limiter, takeAll }
}

t.test('so many at once, and then as many as come back with time', async t => {
  const { clock, takeAll } = setUp()
  t.equal(takeAll(true), 200)
  clock.advance(500)
  t.equal(takeAll(true), 50)
  clock.advance(60_000)
  t.equal(takeAll(true), 200, 'but never more')
})

t.test('controllers leave room to people', async t => {
  const { clock, takeAll } = setUp()
  t.equal(takeAll(false), 100)
  t.equal(takeAll(true), 100)
  clock.advance(1000)
  t.equal(takeAll(false), 0, 'and come back after them')
  clock.advance(1000)
  t.equal(takeAll(false), 100)
})

t.test('an API server that asks for no time is given none', async t => {
  const { limiter, takeAll } = setUp()
  limiter.pause(0)
  t.equal(takeAll(true), 200)
})

t.test('none while the API server asks for time', async t => {
  const { clock, limiter, takeAll } = setUp()
  limiter.pause(2000)
  limiter.pause(1000)
  clock.advance(2000)
  t.equal(takeAll(true), 0)
  clock.advance(1000)
  t.equal(takeAll(true), 100)
  limiter.pause(3_600_000)
  clock.advance(31_000)
  t.equal(takeAll(true), 100, 'which is not for ever')
})
