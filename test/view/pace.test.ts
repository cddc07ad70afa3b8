import t from 'tap'
import { Pace } from '../../src/cluster/pace.ts'
import { FakeClock } from './fake-clock.ts'

function setUp() {
  const clock = new FakeClock()
  const pace = new Pace(clock)
  /** How many reads may begin right now, of up to so many. */
  const takeAll = (forPerson: boolean) => {
    for (let taken = 0; taken < 1000; taken += 1) if (!pace.take(forPerson)) return taken
    return 1000
  }
  return { clock, pace, takeAll }
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
  const { pace, takeAll } = setUp()
  pace.pause(0)
  t.equal(takeAll(true), 200)
})

t.test('none while the API server asks for time', async t => {
  const { clock, pace, takeAll } = setUp()
  pace.pause(2000)
  pace.pause(1000)
  clock.advance(2000)
  t.equal(takeAll(true), 0)
  clock.advance(1000)
  t.equal(takeAll(true), 100)
  pace.pause(3_600_000)
  clock.advance(31_000)
  t.equal(takeAll(true), 100, 'which is not for ever')
})
