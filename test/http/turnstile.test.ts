import t from 'tap'
import { Turnstile } from '../../src/http/turnstile.ts'

t.test('a place is handed on to whoever waits, first come first served', async t => {
  const turnstile = new Turnstile(1)
  const order: string[] = []
  const first = Promise.withResolvers<void>()
  const passes = [
    turnstile.pass(1000, async () => {
      await first.promise
      order.push('first')
    }),
    turnstile.pass(1000, async () => void order.push('second')),
    turnstile.pass(1000, async () => void order.push('third')),
  ]
  first.resolve()
  await Promise.all(passes)
  t.strictSame(order, ['first', 'second', 'third'])
  t.equal(await turnstile.pass(0, async () => 'free again'), 'free again')
})

t.test('whoever has no time left is told at once', async t => {
  const turnstile = new Turnstile(1)
  const held = Promise.withResolvers<void>()
  const inside = turnstile.pass(1000, () => held.promise)
  await t.rejects(
    turnstile.pass(0, async () => undefined),
    { code: 'OVERLOADED', statusCode: 503 },
  )
  held.resolve()
  await inside
})

t.test('a place is given back when the work fails', async t => {
  const turnstile = new Turnstile(1)
  await t.rejects(
    turnstile.pass(0, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  t.equal(await turnstile.pass(0, async () => 1), 1)
})
