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

t.test('a time that has passed is not slept', async t => {
  let warnings = 0
  const count = () => {
    warnings += 1
  }
  process.on('warning', count)
  await systemClock.sleep(-1000, new AbortController().signal)
  await new Promise(setImmediate)
  process.off('warning', count)
  t.equal(warnings, 0)
})
