import t from 'tap'
import { BodyRoom } from '../../src/http/body-room.ts'

const KIBIBYTE = 1024

function setUp(limit: number) {
  let now = 0
  const room = new BodyRoom({ small: limit, large: 1000 * KIBIBYTE }, () => now)
  const told: string[] = []
  const open = (name: string, deadline = 10_000) =>
    room.open({ deadline, resume: () => told.push(`${name} resumed`), abort: () => told.push(`${name} aborted`) })
  const advance = (milliseconds: number) => {
    now += milliseconds
    room.sweep()
  }
  return { room, told, open, advance }
}

t.test('past the limit all wait but one, and each comes to its end', async t => {
  const { room, told, open } = setUp(10)
  const [a, b, c] = [open('a'), open('b'), open('c')]
  t.equal(a.add(5), true)
  t.equal(b.add(5), true)
  t.equal(c.add(1), true, 'the first past the limit goes on')
  t.equal(a.add(1), false)
  t.equal(b.add(1), false)
  t.equal(c.add(100), true)
  t.equal(room.held, 113)
  c.close()
  c.close()
  t.strictSame(told, ['a resumed'], 'still past the limit: the oldest goes on')
  t.equal(a.add(1), true)
  a.close()
  t.strictSame(told, ['a resumed', 'b resumed'])
  b.close()
  t.equal(room.held, 0)
  room.stop()
})

t.test('what does not come is given up: at its deadline, or at less than the least rate', async t => {
  const { room, told, open, advance } = setUp(10)
  open('silent', 1000)
  open('trickling').add(1)
  const steady = open('steady')
  const complete = open('complete', 500)
  complete.complete()
  advance(1000)
  t.strictSame(told, ['silent aborted'])
  steady.add(600 * KIBIBYTE)
  advance(1000)
  t.ok(told.includes('trickling aborted'))
  t.notOk(told.includes('steady aborted'))
  t.notOk(told.includes('complete aborted'))
  room.stop()
})

t.test('what has come fast buys no time to stand still', async t => {
  const { room, told, open, advance } = setUp(10)
  const body = open('fast', 100_000)
  body.add(900 * KIBIBYTE)
  for (let i = 0; i < 7; i += 1) advance(250)
  t.strictSame(told, [])
  body.add(32 * KIBIBYTE)
  advance(500)
  t.strictSame(told, [])
  advance(250)
  t.strictSame(told, ['fast aborted'])
  room.stop()
})

t.test('who waits for room is not slow', async t => {
  const { room, told, open, advance } = setUp(10)
  open('first').add(11)
  open('second').add(1)
  advance(3000)
  t.strictSame(told, ['first aborted'])
  room.stop()
})

t.test('small bodies do not wait for large ones, nor large ones for small ones', async t => {
  const { room, told, open } = setUp(100 * KIBIBYTE)
  const [huge, large, small, other] = [open('huge'), open('large'), open('small'), open('other')]
  t.equal(huge.add(1001 * KIBIBYTE), true, 'the first past the limit')
  t.equal(large.add(65 * KIBIBYTE), false)
  t.equal(small.add(64 * KIBIBYTE), true)
  t.equal(other.add(64 * KIBIBYTE), true, 'the first past the limit of the small ones')
  t.equal(open('late').add(1), false)
  t.equal(room.held, (1001 + 65 + 64 + 64) * KIBIBYTE + 1)
  huge.close()
  t.strictSame(told, ['large resumed'])
  room.stop()
})

t.test('a body that grows large leaves its room to the small ones', async t => {
  const { room, told, open } = setUp(10)
  const [growing, waiting] = [open('growing'), open('waiting')]
  t.equal(growing.add(11), true)
  t.equal(waiting.add(5), false)
  t.equal(growing.add(64 * KIBIBYTE), true)
  t.strictSame(told, ['waiting resumed'])
  t.equal(waiting.add(5), true)
  t.equal(room.held, 64 * KIBIBYTE + 21)
  for (const ticket of [growing, waiting]) ticket.close()
  t.equal(room.held, 0)
  room.stop()
})
