import t from 'tap'
import { type Leave, Turnstile } from '../../src/http/turnstile.ts'

/** Enters a turnstile whose clock is that of the process, and waits for so many milliseconds at most. */
async function enterWithin(milliseconds: number, turnstile: Turnstile, weight = 1): Promise<Leave> {
  return await turnstile.enter(weight, performance.now() + milliseconds)
}

t.test('room is handed on to whoever waits, first come first served', async t => {
  const turnstile = new Turnstile(1)
  const order: string[] = []
  const enter = async (name: string) => {
    const leave = await enterWithin(1000, turnstile)
    order.push(name)
    return leave
  }
  const leave = await enter('first')
  const waiting = [enter('second'), enter('third')]
  leave()
  for (const next of waiting) (await next)()
  t.strictSame(order, ['first', 'second', 'third'])
  await enterWithin(0, turnstile)
})

t.test('whoever has no time left is told at once', async t => {
  const turnstile = new Turnstile(1)
  const leave = await enterWithin(1000, turnstile)
  await t.rejects(enterWithin(0, turnstile), { code: 'OVERLOADED', statusCode: 503 })
  leave()
  await enterWithin(0, turnstile)
})

t.test('whoever is past its time when there is room again is turned away, though no timer has come yet', async t => {
  let now = 0
  const turnstile = new Turnstile(1, () => now)
  const leave = await turnstile.enter(1, 1000)
  const late = turnstile.enter(1, 5000)
  const inTime = turnstile.enter(1, 9000)
  now = 6000
  leave()
  await t.rejects(Promise.resolve(late), { code: 'OVERLOADED' })
  const leaveAgain = await inTime
  leaveAgain()
  await turnstile.enter(1, 0)
})

t.test('what is light waits behind what is heavy, and no longer than that waits', async t => {
  const turnstile = new Turnstile(10)
  const leave = await enterWithin(1000, turnstile, 6)
  const heavy = enterWithin(20, turnstile, 5)
  const light = enterWithin(10_000, turnstile, 4)
  await t.rejects(heavy, { code: 'OVERLOADED' })
  const leaveLight = await light
  await t.rejects(enterWithin(0, turnstile), { code: 'OVERLOADED' }, 'it is full')
  leave()
  leaveLight()
  await enterWithin(0, turnstile, 10)
})
