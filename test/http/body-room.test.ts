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
  t.equal(c.add(3), true, 'the first past the limit goes on')
  t.equal(a.add(1), false)
  t.equal(b.add(1), false)
  t.equal(c.add(100), true)
  t.equal(room.held, 115)
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
  open('second').add(5)
  advance(3000)
  t.strictSame(told, ['first aborted'])
  room.stop()
})

t.test('small bodies do not wait for large ones, nor large ones for small ones', async t => {
  const { room, told, open } = setUp(100 * KIBIBYTE)
  const [huge, large, small, other] = [open('huge'), open('large'), open('small'), open('other')]
  t.equal(huge.add(1001 * KIBIBYTE), true, 'the first past the limit')
  t.equal(large.add(300 * KIBIBYTE), false)
  t.equal(small.add(64 * KIBIBYTE), true)
  t.equal(other.add(64 * KIBIBYTE), true, 'the first past the limit of the small ones')
  t.equal(open('late').add(20 * KIBIBYTE), false)
  t.equal(room.held, (1001 + 300 + 64 + 64 + 20) * KIBIBYTE)
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

t.test('while others wait for room, whoever sends for long makes it', async t => {
  const { room, told, open, advance } = setUp(10)
  const slow = open('slow', 60_000)
  slow.add(9)
  const trickle = () => {
    slow.add(64 * KIBIBYTE)
    advance(500)
  }
  for (let i = 0; i < 6; i += 1) trickle()
  t.strictSame(told, [], 'nobody waits')
  const first = open('first', 60_000)
  const second = open('second', 60_000)
  first.add(900 * KIBIBYTE)
  t.equal(second.add(600 * KIBIBYTE), false)
  advance(500)
  t.strictSame(told, ['slow aborted'], 'the others are not blamed for waiting, nor for having begun just now')
  room.stop()
})

t.test('whoever holds little does not wait, however many fill the room', async t => {
  const { room, told, open } = setUp(1000)
  const many = Array.from({ length: 19 }, (_, i) => open(`one of many ${i}`))
  t.strictSame(
    many.map(ticket => ticket.add(60)),
    many.map((_, i) => i < 17),
    'past the limit one goes on, and the others wait',
  )
  const modest = open('modest')
  t.equal(modest.add(25), true, 'half of a twentieth')
  t.equal(modest.add(1), false)
  modest.close()
  for (const ticket of many) ticket.close()
  t.equal(room.held, 0)
  t.equal(told.length, 2)
  room.stop()
})

const IDLE = { deadline: Number.POSITIVE_INFINITY, abort() {}, resume() {} }

t.test('nothing wakes up where there is no body', t => {
  const { clock } = t
  clock.enter()
  let sweeps = 0
  class Counted extends BodyRoom {
    override sweep(): void {
      sweeps += 1
      super.sweep()
    }
  }
  const room = new Counted({ small: 10, large: 10 }, () => 0)
  clock.advance(10_000)
  t.equal(sweeps, 0)
  const ticket = room.open(IDLE)
  clock.advance(1000)
  ticket.close()
  const before = sweeps
  clock.advance(10_000)
  t.equal(sweeps, before + 1, 'one more, which finds none')
  room.open(IDLE)
  clock.advance(1000)
  t.ok(sweeps > before + 1)
  room.stop()
  clock.exit()
  t.end()
})
