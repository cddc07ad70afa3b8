import t from 'tap'
import { systemClock } from '../../src/runtime/clock.ts'

t.test('the clock of the machine', async t => {
  const before = systemClock.now()
  await systemClock.sleep(2, new AbortController().signal)
  t.ok(systemClock.now() > before)
})

t.test('sleep ends early and quietly when it is aborted', async t => {
  await systemClock.sleep(1e9, AbortSignal.abort())
  const stop = new AbortController()
  const asleep = systemClock.sleep(1e9, stop.signal)
  stop.abort()
  await asleep
  t.pass()
})
