import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { EventLoopDelay } from '../../src/http/event-loop-delay.ts'

t.test('while the loop is late whatever arrives has waited as long', async t => {
  const { clock } = t
  clock.enter()
  let behind = 0
  const delay = new EventLoopDelay(() => clock.now() + behind)
  t.equal(delay.now, 0)
  clock.advance(50)
  t.equal(delay.now, 0)
  behind = 300
  t.equal(delay.now, 250)
  delay.stop()
  clock.exit()
})

t.test('in the turn that was late, too, and not in the next', async t => {
  const delay = new EventLoopDelay(() => performance.now())
  const duringTurn = new Promise<number>(resolve => setTimeout(() => resolve(delay.now), 60))
  for (const start = performance.now(); performance.now() - start < 200; ) Math.sqrt(start)
  t.ok((await duringTurn) >= 140)
  await turn()
  t.ok(delay.now < 140)
  delay.stop()
})

t.test('nothing wakes up where nobody has asked for ten seconds, until somebody does', async t => {
  const { clock } = t
  clock.enter()
  let behind = 0
  const delay = new EventLoopDelay(() => clock.now() + behind)
  clock.advance(11_000)
  behind = 300
  t.equal(delay.now, 0, 'it was not measured')
  behind = 600
  t.equal(delay.now, 250)
  delay.stop()
  clock.exit()
})
