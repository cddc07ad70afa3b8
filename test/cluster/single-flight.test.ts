import t from 'tap'
import { SingleFlight } from '../../src/cluster/single-flight.ts'
import { Semaphore } from '../../src/runtime/semaphore.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

interface Read {
  readonly signal: AbortSignal
  readonly end: (answer: { text: string }) => void
}

const person = { timeout: 500, shared: false }
const controller = { timeout: 500, shared: true }

function setUp(places = 32) {
  const clock = new FakeClock()
  let hasRoom = true
  const asPeople: boolean[] = []
  const limiter = {
    tryAccept: (forPerson: boolean) => {
      asPeople.push(forPerson)
      return hasRoom
    },
  }
  const leaveRoom = (room: boolean) => {
    hasRoom = room
  }
  const flights = new SingleFlight<{ text: string }>(new Semaphore(places), limiter, clock)
  const sent: Read[] = []
  const read = (signal: AbortSignal) =>
    new Promise<{ text: string }>(resolve => {
      sent.push({ signal, end: resolve })
    })
  const ask = (key: string, options = person) => flights.do(key, options, read)
  const end = (index: number, text: string) => sent[index]?.end({ text })
  return { clock, flights, sent, ask, end, leaveRoom, asPeople }
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

t.test('a read for a person begins after it was asked for, one for a controller may be a second old', async t => {
  const { clock, sent, ask, end } = setUp()
  const first = ask('a')
  await settle()
  clock.advance(300)
  const mine = ask('a')
  await settle()
  t.equal(sent.length, 2)
  const shared = ask('a', controller)
  await settle()
  t.equal(sent.length, 2)
  end(1, 'newer')
  t.strictSame(await mine, { answer: { text: 'newer' }, shared: false })
  t.strictSame(await shared, { answer: { text: 'newer' }, shared: true })
  end(0, 'older')
  t.strictSame(await first, { answer: { text: 'older' }, shared: false })

  clock.advance(1000)
  t.strictSame(await ask('a', controller), { answer: { text: 'newer' }, shared: true })
  clock.advance(1)
  const late = ask('a', controller)
  await settle()
  t.equal(sent.length, 3)
  end(2, 'newest')
  t.strictSame(await late, { answer: { text: 'newest' }, shared: false })
})

t.test('what is known to have changed is not shared', async t => {
  const { flights, sent, ask, end } = setUp()
  const first = [ask('a', controller), ask('b', controller)]
  await settle()
  flights.forget('a')
  const again = [ask('a', controller), ask('b', controller)]
  await settle()
  t.equal(sent.length, 3)
  flights.forgetAll()
  const all = [ask('a', controller), ask('b', controller)]
  await settle()
  t.equal(sent.length, 5)
  for (const index of sent.keys()) end(index, String(index))
  const answers = await Promise.all([...first, ...again, ...all])
  t.strictSame(
    answers.map(outcome => typeof outcome === 'object' && outcome.answer.text),
    ['0', '1', '2', '1', '3', '4'],
  )
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
  t.equal(await asked[2], 'timeout')
  const joined = ask('d')
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
  t.equal(await ask('a'), 'limited')
  t.equal(await ask('b', controller), 'limited')
  end(0, 'A')
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
  t.strictSame(asPeople, [false, true, false, true])
})

t.test('answers are not kept for ever, nor without end', async t => {
  const { clock, sent, ask } = setUp(5000)
  const askAll = async () => {
    const asked = Array.from({ length: 1500 }, (_, index) => ask(`key-${index}`, controller))
    await settle()
    for (const { end } of sent) end({ text: 'x' })
    await Promise.all(asked)
  }
  await askAll()
  t.equal(sent.length, 1500)
  const shared = await Promise.all([ask('key-1499', controller), ask('key-500', controller)])
  t.match(shared, [{ shared: true }, { shared: true }])
  const forgotten = ask('key-499', controller)
  await settle()
  t.equal(sent.length, 1501)
  sent.at(-1)?.end({ text: 'x' })
  await forgotten
  clock.advance(1001)
  await askAll()
  t.equal(sent.length, 3001)
})
