import t from 'tap'
import { AcquireTimeoutError, type Release, Semaphore } from '../../src/runtime/semaphore.ts'

/** Acquires of a semaphore whose clock is that of the process, and waits for so many milliseconds at most. */
async function acquireWithin(milliseconds: number, semaphore: Semaphore): Promise<Release> {
  return await semaphore.acquire(performance.now() + milliseconds)
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
  const release = await semaphore.acquire(1000)
  const late = semaphore.acquire(5000)
  const inTime = semaphore.acquire(9000)
  now = 6000
  release()
  await t.rejects(Promise.resolve(late), new AcquireTimeoutError('there was no room in time'))
  const releaseAgain = await inTime
  releaseAgain()
  await semaphore.acquire(0)
})
