import { getEventListeners } from 'node:events'
import t from 'tap'
import { raceSignal } from '../../src/runtime/race-signal.ts'

t.test('what comes of the work, unless it is no longer wanted before', async t => {
  const { signal } = new AbortController()
  t.equal(await raceSignal(Promise.resolve('done'), signal, undefined), 'done')
  await t.rejects(raceSignal(Promise.reject(new Error('failed')), signal, undefined), { message: 'failed' })
  t.strictSame(getEventListeners(signal, 'abort'), [], 'nobody listens on')
  const never = new Promise<string>(() => {})
  t.equal(await raceSignal(never, AbortSignal.abort(), 'given up'), 'given up')
  const later = new AbortController()
  const racing = raceSignal(never, later.signal, 'given up')
  later.abort()
  t.equal(await racing, 'given up')
})
