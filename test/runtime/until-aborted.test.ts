import { getEventListeners } from 'node:events'
import t from 'tap'
import { untilAborted } from '../../src/runtime/until-aborted.ts'

const never = new Promise<string>(() => undefined)

t.test('what comes first counts', async t => {
  const stop = new AbortController()
  t.equal(await untilAborted(Promise.resolve('value'), stop.signal), 'value')
  await t.rejects(untilAborted(Promise.reject(new Error('refused')), stop.signal), new Error('refused'))
  const waiting = untilAborted(never, stop.signal)
  stop.abort()
  t.equal(await waiting, undefined)
  t.equal(await untilAborted(never, stop.signal), undefined, 'also before it began')
})

t.test('nothing is left behind on a signal that lives on', async t => {
  const { signal } = new AbortController()
  for (const promise of [Promise.resolve('value'), Promise.reject(new Error('refused'))]) {
    await untilAborted(promise, signal).catch(() => undefined)
  }
  t.equal(getEventListeners(signal, 'abort').length, 0)
})
