import { getEventListeners } from 'node:events'
import t from 'tap'
import { systemClock } from '../../src/runtime/clock.ts'

t.test('the clock of the machine', async t => {
  const before = systemClock.now()
  await systemClock.sleep(2, new AbortController().signal)
  t.ok(systemClock.now() > before)
})

t.test('nothing is left on the signal of a sleep that is over', async t => {
  const { signal } = new AbortController()
  await systemClock.sleep(1, signal)
  t.strictSame(getEventListeners(signal, 'abort'), [])
})

t.test('sleep ends early and quietly when it is aborted', async t => {
  await systemClock.sleep(1e9, AbortSignal.abort())
  const stop = new AbortController()
  const asleep = systemClock.sleep(1e9, stop.signal)
  stop.abort()
  await asleep
  t.pass()
})

/** Sleeps for 100 ms, of which the event loop stands still at first, and counts its turns after that. */
async function turnsAfter(standstill: number): Promise<number> {
  const asleep = systemClock.sleep(100, new AbortController().signal)
  const began = performance.now()
  while (performance.now() - began < standstill);
  let turns = 0
  const count = () => {
    turns += 1
    counting = setImmediate(count)
  }
  let counting = setImmediate(count)
  await asleep
  clearImmediate(counting)
  return turns
}

t.test('of a short sleep only the time counts in which the event loop ran, so what came meanwhile is read', async t => {
  t.ok((await turnsAfter(200)) > 5)
})

t.test('but not for longer than three times what it was to be', async t => {
  t.ok((await turnsAfter(400)) <= 5)
})
