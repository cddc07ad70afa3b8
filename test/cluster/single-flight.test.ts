import t from 'tap'
import type { FairQueue } from '../../src/cluster/fair-queue.ts'
import { type Send, SingleFlight } from '../../src/cluster/single-flight.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

interface Read {
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
  readonly end: (answer: { text: string }) => void
}

const person = { timeout: 500, shared: false }
const controller = { timeout: 500, shared: true }

function setUp(places = 32) {
  const clock = new FakeClock()
  let hasRoom = true
  let free = places
  const asPeople: boolean[] = []
  const hurried: string[] = []
  const received: number[] = []
  const waiting: (() => void)[] = []
  /** First come, first served. */
  const queue: Pick<FairQueue, 'enter'> = {
    enter: (namespace, size, forPerson) => {
      asPeople.push(forPerson)
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const begin = () => resolve(true)
      if (!hasRoom) resolve(false)
      else if (free > 0) begin()
      else waiting.push(begin)
      if (hasRoom) free -= 1
      return {
        turn: promise,
        hurry: () => hurried.push(`${namespace} ${size}`),
        leave: bytes => {
          const at = waiting.indexOf(begin)
          if (at < 0) received.push(bytes)
          else waiting.splice(at, 1)
          resolve(false)
          free += 1
          if (at < 0) waiting.shift()?.()
        },
      }
    },
  }
  const leaveRoom = (room: boolean) => {
    hasRoom = room
  }
  const flights = new SingleFlight<{ text: string }>(queue, 'object', clock)
  const sent: Read[] = []
  const read: Send<{ text: string }> = (signal, onBytes) =>
    new Promise<{ text: string }>(resolve => {
      sent.push({ signal, onBytes, end: resolve })
    })
  const ask = (key: string, options = person) => flights.do({ namespace: 'ns', key }, options, read)
  const end = (index: number, text: string) => sent[index]?.end({ text })
  return { clock, flights, sent, ask, end, leaveRoom, asPeople, hurried, received }
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  await new Promise(setImmediate)
}

t.test('identical reads that are asked for in one turn are one', async t => {
  const { sent, ask, end } = setUp()
  const asked = [ask('a'), ask('a', controller), ask('b'), ask('a')]
  await settle()
  t.equal(sent.length, 2)
  end(0, 'A')
  end(1, 'B')
  t.strictSame(await Promise.all(asked), [
    { answer: { text: 'A' }, shared: false },
    { answer: { text: 'A' }, shared: true },
    { answer: { text: 'B' }, shared: false },
    { answer: { text: 'A' }, shared: true },
  ])
})

t.test('who has no time left begins no read', async t => {
  const { sent, ask, asPeople } = setUp()
  t.equal(await ask('a', { timeout: 0, shared: false }), 'timeout')
  t.strictSame(sent, [])
  t.strictSame(asPeople, [], 'and takes no room of those who have')
})

t.test('a read for a person begins after it was asked for, and after the one that is under way', async t => {
  const { clock, sent, ask, end } = setUp()
  const first = ask('a')
  await settle()
  clock.advance(300)
  const mine = [ask('a'), ask('a')]
  await settle()
  t.equal(sent.length, 1, 'one is under way')
  mine.push(ask('a'))
  end(0, 'older')
  t.strictSame(await first, { answer: { text: 'older' }, shared: false })
  await settle()
  t.equal(sent.length, 2, 'and one waits, for all who have come')
  const next = ask('a')
  end(1, 'newer')
  t.strictSame(await Promise.all(mine), [
    { answer: { text: 'newer' }, shared: false },
    { answer: { text: 'newer' }, shared: true },
    { answer: { text: 'newer' }, shared: true },
  ])
  await settle()
  end(2, 'newest')
  t.strictSame(await next, { answer: { text: 'newest' }, shared: false })
})

t.test('one for a controller may be a second old', async t => {
  const { clock, sent, ask, end } = setUp()
  const first = ask('a')
  await settle()
  clock.advance(300)
  const joined = ask('a', controller)
  await settle()
  end(0, 'old')
  t.strictSame(await first, { answer: { text: 'old' }, shared: false })
  t.strictSame(await joined, { answer: { text: 'old' }, shared: true })
  clock.advance(700)
  t.strictSame(await ask('a', controller), { answer: { text: 'old' }, shared: true })
  clock.advance(1)
  const late = ask('a', controller)
  await settle()
  t.equal(sent.length, 2)
  clock.advance(499)
  const joins = ask('a', controller)
  await settle()
  end(1, 'new')
  t.strictSame(await late, { answer: { text: 'new' }, shared: false })
  t.strictSame(await joins, { answer: { text: 'new' }, shared: true })
})

t.test('a controller waits with others where the one under way is too old', async t => {
  const { clock, sent, ask, end } = setUp()
  const first = ask('a', { timeout: 5000, shared: false })
  await settle()
  clock.advance(1001)
  const asked = [ask('a', controller), ask('a')]
  await settle()
  t.equal(sent.length, 1)
  end(0, 'old')
  await first
  await settle()
  end(1, 'new')
  t.strictSame(await Promise.all(asked), [
    { answer: { text: 'new' }, shared: false },
    { answer: { text: 'new' }, shared: true },
  ])
})

t.test('one that is given up does not keep the next one waiting', async t => {
  const { clock, sent, ask, end } = setUp()
  const first = ask('a', { timeout: 100, shared: false })
  await settle()
  clock.advance(50)
  const second = ask('a')
  clock.advance(50)
  t.equal(await first, 'timeout')
  await settle()
  t.equal(sent.length, 2)
  end(1, 'A')
  t.strictSame(await second, { answer: { text: 'A' }, shared: false })
})

t.test('whoever has gone before it was his turn is not read for', async t => {
  const { clock, sent, ask, end, asPeople } = setUp()
  const first = ask('a', { timeout: 1000, shared: false })
  await settle()
  const second = ask('a', { timeout: 100, shared: false })
  await settle()
  clock.advance(100)
  t.equal(await second, 'limited', 'which is told apart from an API server that is slow')
  end(0, 'A')
  await first
  await settle()
  t.equal(sent.length, 1)
  t.strictSame(asPeople, [true])
})

t.test('a person who joins what was begun for a controller makes it urgent', async t => {
  const { ask, hurried, asPeople, end, sent } = setUp(0)
  const asked = [ask('a', controller)]
  await settle()
  asked.push(ask('a', controller))
  t.strictSame(hurried, [])
  asked.push(ask('a'))
  t.strictSame(hurried, ['ns object'])
  t.strictSame(asPeople, [false])

  const other = setUp()
  const slow = other.ask('b')
  await settle()
  const waiting = [other.ask('b', { timeout: 500, shared: true }), other.ask('b')]
  other.end(0, 'B')
  await Promise.all([slow, waiting[0]])
  await settle()
  t.strictSame(other.asPeople, [true, true])
  other.end(1, 'B')
  await waiting[1]
  t.strictSame([end.length, sent.length, asked.length], [2, 0, 3])
})

t.test('what a read has received is told when it ends', async t => {
  const { sent, ask, end, received } = setUp()
  const asked = ask('a')
  await settle()
  sent[0]?.onBytes(1000)
  sent[0]?.onBytes(500)
  end(0, 'A')
  await asked
  t.strictSame(received, [1500])
})

t.test('what is known to have changed is not shared', async t => {
  const { flights, sent, ask, end } = setUp()
  const first = [ask('a', controller), ask('b', controller)]
  await settle()
  flights.forget('a')
  flights.forget('none')
  const again = [ask('a', controller), ask('b', controller)]
  await settle()
  t.equal(sent.length, 2)
  end(0, '0')
  end(1, '1')
  await settle()
  t.equal(sent.length, 3)
  t.match(await Promise.all([...first, again[1]]), [{ shared: false }, { shared: false }, { shared: true }])
  flights.forgetAll()
  const all = [ask('a', controller), ask('b', controller)]
  await settle()
  t.equal(sent.length, 4)
  end(2, '2')
  await settle()
  end(3, '3')
  end(4, '4')
  const answers = await Promise.all([...first, ...again, ...all])
  t.strictSame(
    answers.map(outcome => typeof outcome === 'object' && outcome.answer.text),
    ['0', '1', '2', '1', '4', '3'],
  )
  flights.forget('a')
  const last = ask('a', controller)
  await settle()
  t.equal(sent.length, 6)
  end(5, '5')
  await last
})

t.test('whoever waits too long is told so, and a read is given up when nobody waits', async t => {
  const { clock, sent, ask, end } = setUp()
  const impatient = ask('a', { timeout: 100, shared: true })
  await settle()
  const patient = ask('a', controller)
  await settle()
  clock.advance(100)
  t.equal(await impatient, 'timeout')
  t.equal(sent[0]?.signal.aborted, false)
  clock.advance(400)
  t.equal(await patient, 'timeout')
  t.equal(sent[0]?.signal.aborted, true)

  const next = ask('a', controller)
  await settle()
  t.equal(sent.length, 2, 'one that was given up is not joined')
  end(1, 'A')
  t.strictSame(await next, { answer: { text: 'A' }, shared: false })
  t.equal(sent[1]?.signal.aborted, false)
})

t.test('only so many at a time; the others wait in line, and whoever goes is not read for', async t => {
  const { clock, sent, ask, end } = setUp(2)
  const asked = [ask('a'), ask('b'), ask('c', { timeout: 50, shared: false }), ask('d')]
  await settle()
  t.equal(sent.length, 2)
  clock.advance(50)
  t.equal(await asked[2], 'limited')
  const joined = ask('d')
  await settle()
  end(0, 'A')
  await settle()
  t.equal(sent.length, 3)
  end(1, 'B')
  end(2, 'D')
  t.strictSame(await Promise.all([asked[0], asked[1], asked[3], joined]), [
    { answer: { text: 'A' }, shared: false },
    { answer: { text: 'B' }, shared: false },
    { answer: { text: 'D' }, shared: false },
    { answer: { text: 'D' }, shared: true },
  ])
  const after = [ask('e'), ask('f')]
  await settle()
  t.equal(sent.length, 5, 'every place is free again')
  end(3, 'E')
  end(4, 'F')
  await Promise.all(after)
})

t.test('who finds no room is not read for, and may join what is under way', async t => {
  const { sent, ask, end, leaveRoom, asPeople } = setUp()
  const first = ask('a', controller)
  await settle()
  leaveRoom(false)
  const second = ask('a', controller)
  const mine = ask('a')
  t.equal(await ask('b', controller), 'limited')
  end(0, 'A')
  t.equal(await mine, 'limited')
  t.strictSame(await Promise.all([first, second]), [
    { answer: { text: 'A' }, shared: false },
    { answer: { text: 'A' }, shared: true },
  ])
  leaveRoom(true)
  const last = ask('b')
  await settle()
  t.equal(sent.length, 2)
  end(1, 'B')
  t.strictSame(await last, { answer: { text: 'B' }, shared: false })
  t.strictSame(asPeople, [false, false, true, true])
})

t.test('answers are not kept for ever, nor without end', async t => {
  const { sent, ask, end } = setUp(5000)
  const asked = Array.from({ length: 1500 }, (_, index) => ask(`key-${index}`, controller))
  await settle()
  for (const { end } of sent) end({ text: 'x' })
  await Promise.all(asked)
  t.equal(sent.length, 1500)
  const shared = await Promise.all([ask('key-1499', controller), ask('key-500', controller)])
  t.match(shared, [{ shared: true }, { shared: true }])
  const forgotten = ask('key-499', controller)
  await settle()
  t.equal(sent.length, 1501)
  end(1500, 'x')
  await forgotten
})

t.test('nor are large ones', async t => {
  const { sent, ask, end } = setUp()
  const read = async (key: string, bytes: number) => {
    const index = sent.length
    const asked = ask(key, controller)
    await settle()
    if (sent.length === index) return 'shared'
    sent[index]?.onBytes(bytes)
    end(index, key)
    await asked
    return 'read'
  }
  for (const key of ['a', 'b', 'c', 'd']) t.equal(await read(key, 600 * 1024), 'read')
  t.strictSame([await read('d', 0), await read('b', 0), await read('a', 0)], ['shared', 'shared', 'read'])
  t.strictSame([await read('huge', 3 * 1024 * 1024), await read('huge', 0)], ['read', 'read'])
})
