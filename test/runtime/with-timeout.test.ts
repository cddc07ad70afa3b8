import t from 'tap'
import { TimeoutError, withTimeout } from '../../src/runtime/with-timeout.ts'
import { FakeClock } from './fake-clock.ts'

const { signal: never } = new AbortController()

/** Answers nothing, and rejects once its signal is aborted. */
function hang(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(new Error('aborted')))
  if (signal.aborted) reject(new Error('aborted'))
  return promise
}

t.test('an answer in time, after which nothing sleeps any more', async t => {
  const clock = new FakeClock()
  t.equal(await withTimeout(clock, 1000, never, async () => 'answer'), 'answer')
  t.equal(clock.sleeping, 0)
})

t.test('what was answered in time is not aborted afterwards', async t => {
  const clock = new FakeClock()
  const signal = await withTimeout(clock, 1000, never, async signal => signal)
  await new Promise(setImmediate)
  t.notOk(signal.aborted)
})

t.test('an error in time stays what it is', async t => {
  const clock = new FakeClock()
  const error = new Error('refused')
  await t.rejects(
    withTimeout(clock, 1000, never, () => Promise.reject(error)),
    error,
  )
  t.equal(clock.sleeping, 0)
})

t.test('what takes too long is aborted', async t => {
  const clock = new FakeClock()
  const hanging = withTimeout(clock, 1000, never, hang)
  clock.advance(999)
  clock.advance(1)
  await t.rejects(hanging, new TimeoutError('there was no answer within 1000 ms'))
})

t.test('the caller may give up before', async t => {
  const stop = new AbortController()
  const hanging = withTimeout(new FakeClock(), 1000, stop.signal, hang)
  stop.abort()
  await t.rejects(hanging, new Error('aborted'))
  await t.rejects(withTimeout(new FakeClock(), 1000, stop.signal, hang), new Error('aborted'))
})
