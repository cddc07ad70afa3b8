import t from 'tap'
import { LoopDelay } from '../../src/http/loop-delay.ts'

t.test('what arrives has waited as long as the loop was late, or is', async t => {
  const clock = t.clock
  clock.enter()
  let behind = 0
  const delay = new LoopDelay(() => clock.now() + behind)
  t.equal(delay.now, 0)
  clock.advance(50)
  t.equal(delay.now, 0)
  behind = 300
  t.equal(delay.now, 250, 'a turn is late that has not come yet')
  clock.advance(50)
  t.equal(delay.now, 300, 'and was, when it has come')
  clock.advance(50)
  t.equal(delay.now, 0)
  delay.stop()
  clock.exit()
})
