import t from 'tap'
import { Turnstile } from '../../src/http/turnstile.ts'

t.test('room is handed on to whoever waits, first come first served', async t => {
  const turnstile = new Turnstile(1)
  const order: string[] = []
  const enter = async (name: string) => {
    const leave = await turnstile.enter(1, 1000)
    order.push(name)
    return leave
  }
  const leave = await enter('first')
  const waiting = [enter('second'), enter('third')]
  leave()
  for (const next of waiting) (await next)()
  t.strictSame(order, ['first', 'second', 'third'])
  await turnstile.enter(1, 0)
})

t.test('whoever has no time left is told at once', async t => {
  const turnstile = new Turnstile(1)
  const leave = await turnstile.enter(1, 1000)
  await t.rejects(turnstile.enter(1, 0), { code: 'OVERLOADED', statusCode: 503 })
  leave()
  await turnstile.enter(1, 0)
})

t.test('whoever is past its time when there is room again is turned away, though no timer has come yet', async t => {
  let now = 0
  const turnstile = new Turnstile(1, () => now)
  const leave = await turnstile.enter(1, 1000)
  const late = turnstile.enter(1, 5000)
  const inTime = turnstile.enter(1, 9000)
  now = 6000
  leave()
  await t.rejects(late, { code: 'OVERLOADED' })
  const leaveAgain = await inTime
  leaveAgain()
  await turnstile.enter(1, 0)
})

t.test('what is light waits behind what is heavy, and no longer than that waits', async t => {
  const turnstile = new Turnstile(10)
  const leave = await turnstile.enter(6, 1000)
  const heavy = turnstile.enter(5, 20)
  const light = turnstile.enter(4, 10_000)
  await t.rejects(heavy, { code: 'OVERLOADED' })
  const leaveLight = await light
  await t.rejects(turnstile.enter(1, 0), { code: 'OVERLOADED' }, 'it is full')
  leave()
  leaveLight()
  await turnstile.enter(10, 0)
})
