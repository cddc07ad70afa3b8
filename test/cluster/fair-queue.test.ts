import t from 'tap'
import { FairQueue, type Place } from '../../src/cluster/fair-queue.ts'
import { RateLimiter } from '../../src/cluster/rate-limiter.ts'
import type { ReadSize } from '../../src/cluster/read-room.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

function setUp() {
  const clock = new FakeClock()
  const queue = new FairQueue(new RateLimiter(clock), clock)
  const begun: string[] = []
  const refused: string[] = []
  const enter = (
    namespace: string,
    { size = 'object' as ReadSize, forPerson = true, label = namespace } = {},
  ): Place => {
    const place = queue.enter(namespace, size, forPerson)
    void place.turn.then(isTurn => (isTurn ? begun : refused).push(label))
    return place
  }
  /** Uses up what may begin at once. */
  const spend = async () => {
    for (let i = 0; i < 200; i += 1) {
      enter('spent').leave(0)
      await settle()
    }
    begun.length = 0
  }
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds)
    await settle()
  }
  return { clock, queue, begun, refused, enter, spend, pass }
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  await new Promise(setImmediate)
}

t.test('what there is room for begins at once', async t => {
  const { begun, enter, clock } = setUp()
  for (const namespace of ['a', 'b', 'c', 'd', 'e']) {
    for (let i = 0; i < 10; i += 1) enter(namespace)
    enter(namespace, { size: 'namespace', label: 'list' })
  }
  await settle()
  t.equal(begun.filter(label => label === 'list').length, 4)
  t.equal(begun.length, 32 + 4)
  t.equal(begun.filter(label => label === 'a').length, 8, 'a namespace has a quarter of it')
  t.equal(clock.sleeping, 0)
})

t.test('a read that ends makes room for the next one, in whatever namespace', async t => {
  const { begun, enter } = setUp()
  const places = ['a', 'b', 'c', 'd', 'e'].map(namespace => enter(namespace, { size: 'namespace' }))
  const again = enter('a', { size: 'namespace', label: 'a again' })
  await settle()
  t.strictSame(begun, ['a', 'b', 'c', 'd'])
  places[1]?.leave(0)
  await settle()
  t.strictSame(begun.slice(4), ['e'])
  places[2]?.leave(0)
  await settle()
  t.strictSame(begun.slice(5), [], 'one list of a namespace at a time')
  places[0]?.leave(0)
  await settle()
  t.strictSame(begun.slice(5), ['a again'])
  again.leave(0)
})

t.test('namespaces take turns, and one that had none lately comes first', async t => {
  const { begun, enter, spend, pass } = setUp()
  await spend()
  for (let i = 0; i < 5; i += 1) enter('a')
  enter('b')
  enter('b')
  await pass(10)
  await pass(10)
  await pass(10)
  t.strictSame(begun, ['a', 'b', 'a'])
  enter('c')
  enter('c')
  await pass(10)
  await pass(10)
  t.strictSame(begun.slice(3), ['c', 'b'])
  await pass(30)
  t.strictSame(begun.slice(5), ['a', 'c', 'a'])
})

t.test('one read after the other does not make a namespace new', async t => {
  const { begun, enter, spend, pass } = setUp()
  await spend()
  enter('busy')
  enter('busy')
  await pass(0)
  const quick = enter('quick')
  await pass(10)
  await pass(10)
  t.strictSame(begun, ['busy', 'quick'])
  quick.leave(0)
  enter('quick')
  enter('busy')
  await pass(10)
  t.strictSame(begun.slice(2), ['busy'])
})

t.test('people come before controllers of any namespace, which have every fourth turn', async t => {
  const { begun, enter, spend, pass } = setUp()
  await spend()
  for (const namespace of ['a', 'b', 'c', 'd', 'e', 'f']) enter(namespace, { forPerson: false, label: 'controller' })
  for (let i = 0; i < 8; i += 1) enter('g', { label: 'person' })
  for (let i = 0; i < 14; i += 1) await pass(10)
  const fourth = begun.flatMap((label, i) => (label === 'controller' ? i : []))
  t.equal(begun.length, 14)
  t.strictSame(
    fourth.slice(0, 2).map((at, i, all) => at - (all[i - 1] ?? at)),
    [0, 4],
  )
  t.strictSame(begun.slice(-2), ['controller', 'controller'])
})

t.test('controllers leave room to people', async t => {
  const { begun, enter } = setUp()
  const enterAll = (forPerson: boolean) => {
    for (let i = 0; i < 8; i += 1) {
      for (let reads = 0; reads < 4; reads += 1) enter(`ns-${i}`, { forPerson })
      enter(`ns-${i}`, { forPerson, size: 'namespace' })
    }
  }
  enterAll(false)
  await settle()
  t.equal(begun.length, 24 + 3)
  enterAll(true)
  await settle()
  t.equal(begun.length, 32 + 4)
})

t.test('a read that goes over to a person is no longer behind people', async t => {
  const { begun, enter, spend, pass } = setUp()
  await spend()
  const place = enter('a', { forPerson: false, label: 'joined' })
  enter('b')
  enter('b')
  place.hurry()
  await pass(10)
  t.strictSame(begun, ['joined'])
})

t.test('what has received much owes turns, which others have meanwhile', async t => {
  const { begun, enter, spend, pass } = setUp()
  await spend()
  const large = enter('a')
  enter('a')
  await pass(10)
  large.leave(2 * 64 * 1024 + 1)
  for (let i = 0; i < 4; i += 1) enter('b')
  for (let i = 0; i < 7; i += 1) await pass(10)
  t.strictSame(begun, ['a', 'b', 'b', 'b', 'a', 'b'])
})

t.test('what is owed is paid in time, if nobody else wants the turns', async t => {
  const { begun, enter, pass } = setUp()
  const large = enter('a')
  const larger = enter('b')
  large.leave(100 * 64 * 1024)
  larger.leave(150 * 64 * 1024)
  // Two are needed to fill what may begin at once.
  await pass(20 + 2500)
  begun.length = 0
  for (let i = 0; i < 8; i += 1) enter('a')
  await settle()
  t.equal(begun.length, 8)
  enter('b')
  await settle()
  t.equal(begun.length, 9)
})

t.test('one that owes pays from what may begin at once before it begins more', async t => {
  const { begun, enter, pass } = setUp()
  enter('a').leave(300 * 64 * 1024)
  await settle()
  enter('a')
  await settle()
  t.equal(begun.length, 1)
  await pass(1000)
  t.equal(begun.length, 1)
  await pass(20)
  t.equal(begun.length, 2)
})

t.test('who goes while he waits takes no turn', async t => {
  const { begun, refused, enter, spend, pass, clock } = setUp()
  await spend()
  const impatient = enter('a', { label: 'gone' })
  t.equal(clock.sleeping, 1)
  impatient.leave(0)
  await settle()
  t.equal(clock.sleeping, 0, 'nor is anybody waited for')
  enter('b')
  await pass(10)
  t.strictSame(begun, ['b'])
  t.strictSame(refused, ['gone'])
})

t.test('of one namespace so many wait, and of all together', async t => {
  const { begun, refused, enter, spend } = setUp()
  await spend()
  enter('a', { forPerson: false, label: 'controller' })
  for (let i = 0; i < 250; i += 1) enter('a')
  await settle()
  t.strictSame(refused, ['controller'], 'a controller goes before a person does')
  enter('a', { label: 'last' })
  await settle()
  t.strictSame(refused.slice(1), ['last'])
  for (const namespace of ['b', 'c', 'd']) for (let i = 0; i < 240; i += 1) enter(namespace)
  for (let i = 0; i < 30; i += 1) enter('e')
  await settle()
  t.strictSame(refused.slice(2), [])
  enter('f')
  await settle()
  t.strictSame(refused.slice(2), ['a'], 'it is one of the namespace with the most')
  t.strictSame(begun, [])
})

t.test('namespaces are not remembered without end', async t => {
  const fill = async (namespaces: number) => {
    const { begun, enter, spend, pass } = setUp()
    await spend()
    const debtor = enter('debtor')
    await pass(10)
    debtor.leave(400 * 64 * 1024)
    for (let i = 0; i < namespaces; i += 1) {
      const place = enter(`ns-${i}`)
      await pass(10)
      // It owes a turn, or it would be forgotten by itself.
      place.leave(64 * 1024)
    }
    begun.length = 0
    const again = enter('debtor')
    await pass(10)
    again.leave(0)
    return begun
  }
  t.strictSame(await fill(1900), [])
  t.strictSame(await fill(2100), ['debtor'], 'not even what they owe')
})

t.test('while the API server asks for time nobody waits', async t => {
  const { queue, begun, refused, enter, spend, pass } = setUp()
  await spend()
  enter('a')
  enter('b', { forPerson: false })
  queue.pause(0)
  await settle()
  t.strictSame(refused, [])
  queue.pause(1000)
  enter('c')
  await settle()
  t.strictSame(refused, ['a', 'b', 'c'])
  await pass(1000)
  enter('d')
  await pass(10)
  t.strictSame(begun, ['d'])
})
