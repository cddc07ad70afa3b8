import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { FairSemaphore } from '../../src/runtime/fair-semaphore.ts'
import { AcquireTimeoutError } from '../../src/runtime/semaphore.ts'

/** More than a key may owe. */
const MUCH = 5_000_000
const NO_ROOM = new AcquireTimeoutError('there was no room in time')
const LATER = 60_000

function build(places = 100) {
  const time = { now: 0 }
  const semaphore = new FairSemaphore(places, () => time.now)
  const order: string[] = []
  /** Asks for a place, holds it for no longer than it takes to work so many steps, and notes when it did. */
  const work = async (key: string, steps: number, bytes = 1, deadline = LATER) => {
    const place = await semaphore.acquire(key, bytes, deadline)
    order.push(key)
    place.charge(steps)
    place.release()
  }
  return { time, semaphore, order, work }
}

t.test('whose key owes little has a place at once, and a thousand small ones are little', async t => {
  const { semaphore } = build()
  for (let i = 0; i < 1000; i += 1) {
    const place = await Promise.race([semaphore.acquire('a', 1, LATER), nextTurn()])
    if (place === undefined) throw new Error(`number ${i} had to wait`)
    place.charge(MUCH / 1500)
    place.release()
    // No more than a hundred of them at a turn of the event loop.
    if (i % 100 === 99) await nextTurn()
  }
  t.pass()
})

t.test('whose key owes much waits, and all others go first', async t => {
  const { work, order } = build()
  await work('loud', MUCH)
  const loud = [1, 2, 3].map(() => work('loud', MUCH))
  await nextTurn()
  t.strictSame(order, ['loud', 'loud'], 'one in a turn')
  await work('quiet', 1)
  t.strictSame(order, ['loud', 'loud', 'quiet'])
  await Promise.all(loud)
  t.equal(order.length, 5)
})

t.test('of those that wait the one goes first whose key owes the least, of a key the oldest', async t => {
  const { work, order } = build()
  await Promise.all([work('a', MUCH), work('b', 2 * MUCH), work('c', 3 * MUCH)])
  const waiting = [work('c', 1), work('b', MUCH / 2), work('b', MUCH), work('a', 3 * MUCH), work('a', 1)]
  await Promise.all(waiting)
  t.strictSame(order, ['a', 'b', 'c', 'a', 'b', 'b', 'c', 'a'])
})

t.test('what is owed is forgiven with time', async t => {
  const { work, order, time } = build()
  await work('a', MUCH)
  await nextTurn()
  time.now = 1000
  void work('a', 1)
  await Promise.resolve()
  t.equal(order.length, 2)
})

t.test('steps are told as they come, in all', async t => {
  const { semaphore, work, order } = build()
  const place = await semaphore.acquire('a', 1, LATER)
  place.charge(2_000_000)
  place.charge(3_900_000)
  await nextTurn()
  void work('a', 200_000)
  await Promise.resolve()
  t.equal(order.length, 1, 'they are not 5,900,000')
  await nextTurn()
  void work('a', 1)
  await Promise.resolve()
  t.equal(order.length, 1)
})

t.test('nobody has a place where there is none, and who waits for one has it when it is given back', async t => {
  const { semaphore, work, order } = build(1)
  const place = await semaphore.acquire('a', 1, LATER)
  const waiting = [work('b', 1), work('c', 1)]
  await nextTurn()
  t.strictSame(order, [])
  place.release()
  await Promise.all(waiting)
  t.strictSame(order, ['b', 'c'])
})

t.test('whoever has no time left is turned away, also where no timer has come yet', async t => {
  const { semaphore, work, time } = build(1)
  const place = await semaphore.acquire('a', 1, LATER)
  await t.rejects(work('a', 1, 1, 0), NO_ROOM)
  const late = work('b', 1, 1, 5000)
  const inTime = work('c', 1)
  time.now = 6000
  place.release()
  await t.rejects(late, NO_ROOM)
  await inTime
})

t.test('whoever has given up before his turn is not waited for', async t => {
  t.clock.enter()
  t.teardown(() => t.clock.exit())
  const { work, order } = build()
  await work('loud', MUCH)
  const next = work('loud', MUCH)
  t.clock.advance(1)
  await next
  t.clock.advance(1)
  const given = work('loud', 1, 1, 5)
  t.clock.advance(5)
  await t.rejects(given, NO_ROOM, 'the others have the thread for fifty milliseconds')
  t.clock.advance(50)
  const last = work('loud', 1)
  t.clock.advance(50)
  await last
  t.equal(order.length, 3)
})

t.test('who would wait for long is turned away at once, and only he', async t => {
  const { work, order } = build()
  for (const key of ['loud', 'quiet']) await work(key, MUCH)
  for (let i = 0; i < 3; i += 1) await work('loud', MUCH)
  const waiting = [1, 2, 3, 4, 5, 6, 7].map(() => work('loud', MUCH))
  const [last] = waiting.splice(6)
  await t.rejects(Promise.resolve(last), NO_ROOM, 'six take more than four seconds by themselves')
  await work('quiet', 1)
  await Promise.all(waiting)
  t.equal(order.length, 2 + 3 + 1 + 6)
})

t.test('where too many bytes wait, the key that has the most of them loses its youngest', async t => {
  const { work, order } = build()
  await Promise.all([work('loud', MUCH), work('less', MUCH)])
  const MEBIBYTE = 2 ** 20
  const less = work('less', 1, 6 * MEBIBYTE)
  const loud = work('loud', 1, 8 * MEBIBYTE)
  const youngest = work('loud', 1, 4 * MEBIBYTE)
  await t.rejects(youngest, NO_ROOM)
  await Promise.all([less, loud])
  t.equal(order.length, 4)
})

t.test('of 10,000 keys those are forgotten that owe nothing, or else the oldest', async t => {
  const { work, order, time } = build()
  await work('first', MUCH)
  for (let i = 0; i < 9999; i += 1) await work(`one-${i}`, 1)
  time.now = 1
  await work('another', 1)
  void work('first', 1)
  await Promise.resolve()
  t.equal(order.length, 10_001, 'the first is still known, and waits')
  for (let i = 0; i < 9999; i += 1) await work(`two-${i}`, MUCH)
  await nextTurn()
  const seen = order.length
  void work('first', 1)
  await Promise.resolve()
  t.equal(order.length, seen + 1, 'it is known no longer')
})

t.test('what is let in at one turn of the event loop is bounded, whosever it is', async t => {
  const { work, order } = build()
  const all: Promise<void>[] = []
  /** As from connections one after the other: each goes as far as it can before the next. */
  const ask = async (key: string) => {
    all.push(work(key, 250_000))
    for (let i = 0; i < 5; i += 1) await Promise.resolve()
  }
  for (let i = 0; i < 6; i += 1) await ask(`key-${i}`)
  t.equal(order.length, 2, 'the second is past the bound')
  await nextTurn()
  t.equal(order.length, 6, 'nothing is known of these keys, so they are taken for small')
  await nextTurn()
  for (let i = 0; i < 6; i += 1) await ask(`key-${i}`)
  await ask('quiet')
  await nextTurn()
  t.ok(order.includes('quiet'), 'whose key owes the least goes first')
  t.equal(order.length, 6 + 2 + 1 + 4, 'and the others by what their places took so far')
  await Promise.all(all)
})

t.test('beside those that owe little none is let in that owes too much', async t => {
  const { work, order } = build()
  await work('loud', MUCH)
  const waiting = [work('loud', 1), work('quiet', 1)]
  await nextTurn()
  t.strictSame(order, ['loud', 'quiet'])
  await Promise.all(waiting)
  t.equal(order.length, 3)
})
