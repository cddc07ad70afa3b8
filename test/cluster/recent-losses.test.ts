import t from 'tap'
import { RecentLosses } from '../../src/cluster/recent-losses.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

t.test('a loss is remembered for five seconds at least, and for ten at most', async t => {
  const clock = new FakeClock()
  const losses = new RecentLosses(clock)
  clock.advance(4000)
  losses.note('team-a')
  clock.advance(4999)
  t.ok(losses.has('team-a'))
  t.notOk(losses.has('team-b'))
  clock.advance(5000)
  t.notOk(losses.has('team-a'))
  losses.note('team-a')
  clock.advance(60_000)
  t.notOk(losses.has('team-a'), 'though nobody has asked meanwhile')
})

t.test('a list that was read anew may have lost anything', async t => {
  const clock = new FakeClock()
  const losses = new RecentLosses(clock)
  losses.note()
  t.ok(losses.has('team-a'))
  clock.advance(10_000)
  t.notOk(losses.has('team-a'))
})

t.test('where very many namespaces lose one at once, every namespace counts', async t => {
  const clock = new FakeClock()
  const losses = new RecentLosses(clock)
  for (let i = 0; i < 10_000; i += 1) losses.note(`team-${i}`)
  t.notOk(losses.has('other'))
  losses.note('one-more')
  t.ok(losses.has('other'))
  clock.advance(10_000)
  t.notOk(losses.has('other'))
})
