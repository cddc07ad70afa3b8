import t from 'tap'
import { AcquireTimeoutError, type Release, Semaphore } from '../../src/runtime/semaphore.ts'

/** Acquires of a semaphore whose clock is that of the process, and waits for so many milliseconds at most. */
async function acquireWithin(milliseconds: number, semaphore: Semaphore, weight = 1): Promise<Release> {
  return await semaphore.acquire(weight, performance.now() + milliseconds)
}

t.test('room is handed on to whoever waits, first come first served', async t => {
  const semaphore = new Semaphore(1)
  const order: string[] = []
  const acquire = async (name: string) => {
    const release = await acquireWithin(1000, semaphore)
    order.push(name)
    return release
  }
  const release = await acquire('first')
  const waiting = [acquire('second'), acquire('third')]
  release()
  for (const next of waiting) (await next)()
  t.strictSame(order, ['first', 'second', 'third'])
  await acquireWithin(0, semaphore)
})

t.test('whoever has no time left is told at once', async t => {
  const semaphore = new Semaphore(1)
  const release = await acquireWithin(1000, semaphore)
  await t.rejects(acquireWithin(0, semaphore), new AcquireTimeoutError('there was no room in time'))
  release()
  await acquireWithin(0, semaphore)
})

t.test('whoever is past its time when there is room again is turned away, though no timer has come yet', async t => {
  let now = 0
  const semaphore = new Semaphore(1, () => now)
  const release = await semaphore.acquire(1, 1000)
  const late = semaphore.acquire(1, 5000)
  const inTime = semaphore.acquire(1, 9000)
  now = 6000
  release()
  await t.rejects(Promise.resolve(late), new AcquireTimeoutError('there was no room in time'))
  const releaseAgain = await inTime
  releaseAgain()
  await semaphore.acquire(1, 0)
})

t.test('what is light waits behind what is heavy, and no longer than that waits', async t => {
  const semaphore = new Semaphore(10)
  const release = await acquireWithin(1000, semaphore, 6)
  const heavy = acquireWithin(20, semaphore, 5)
  const light = acquireWithin(10_000, semaphore, 4)
  await t.rejects(heavy, new AcquireTimeoutError('there was no room in time'))
  const releaseLight = await light
  await t.rejects(acquireWithin(0, semaphore), new AcquireTimeoutError('there was no room in time'), 'it is full')
  release()
  releaseLight()
  await acquireWithin(0, semaphore, 10)
})

t.test('without a deadline it waits for as long as it takes, and weighs one', async t => {
  const semaphore = new Semaphore(1)
  const release = await semaphore.acquire()
  const waiting = semaphore.acquire()
  await new Promise(setImmediate)
  release()
  const again = await waiting
  again()
  t.type(again, 'function')
})
