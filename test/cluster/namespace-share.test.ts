import t from 'tap'
import { NamespaceShare } from '../../src/cluster/namespace-share.ts'
import { ReadRoom, type ReadSize } from '../../src/cluster/read-room.ts'

const ROOM = ReadRoom.ofAll()
const read = (size: ReadSize = 'object') => ({ size, admit: () => undefined })

t.test('people and controllers stand in lines of their own, the oldest in front', async t => {
  const share = new NamespaceShare('a')
  const [first, second, controllers] = [read(), read(), read()]
  share.push(controllers, false)
  share.push(first, true)
  share.push(second, true)
  t.equal(share.waiting, 3)
  t.equal(share.begin(true, ROOM), first)
  t.equal(share.begin(true, ROOM), second)
  t.equal(share.begin(true, ROOM), undefined)
  t.equal(share.begin(false, ROOM), controllers)
  t.equal(share.isAtRest, false)
  for (const ended of [first, second, controllers]) share.end(ended, ROOM, 0)
  t.equal(share.isAtRest, true)
})

t.test('a read goes over to people when one waits for it as well', async t => {
  const share = new NamespaceShare('a')
  const [one, other] = [read(), read()]
  share.push(one, false)
  share.push(other, false)
  share.hurry(other)
  share.hurry(other)
  t.equal(share.waiting, 2)
  t.equal(share.begin(true, ROOM), other)
  share.hurry(other)
  t.equal(share.begin(true, ROOM), undefined, 'nothing comes of it once it is under way')
})

t.test('one namespace has eight objects under way, and one list', async t => {
  const share = new NamespaceShare('a')
  const list = read('namespace')
  share.push(list, true)
  share.push(read('namespace'), true)
  for (let i = 0; i < 9; i += 1) share.push(read(), true)
  const all = ReadRoom.ofAll()
  t.equal(share.begin(true, all), list)
  for (let i = 0; i < 8; i += 1) t.match(share.begin(true, all), { size: 'object' }, 'a list does not hold objects up')
  t.equal(share.begin(true, all), undefined)
  share.end(list, all, 0)
  t.match(share.begin(true, all), { size: 'namespace' })
})

t.test('nothing begins for which there is no room in all', async t => {
  const all = ReadRoom.ofAll()
  for (let i = 0; i < 4; i += 1) all.take('namespace')
  const share = new NamespaceShare('a')
  share.push(read('namespace'), true)
  t.equal(share.begin(true, all), undefined)
  share.push(read(), true)
  t.match(share.begin(true, all), { size: 'object' })
})

t.test('what is taken out is the youngest, and of controllers first', async t => {
  const share = new NamespaceShare('a')
  const [person, older, younger, gone] = [read(), read(), read(), read()]
  share.push(older, false)
  share.push(younger, false)
  share.push(person, true)
  share.push(gone, true)
  share.remove(gone)
  t.equal(share.removeYoungest(), younger)
  t.equal(share.removeYoungest(), older)
  t.equal(share.removeYoungest(), person)
  t.equal(share.removeYoungest(), undefined)
})

t.test('what reads cost beyond their turn is owed, up to a limit, and paid turn by turn', async t => {
  const share = new NamespaceShare('a')
  share.push(read(), true)
  const list = share.begin(true, ROOM) ?? read()
  share.end(list, ROOM, 3)
  t.equal(share.isIndebted, true)
  t.equal(share.pay(1), 0)
  t.equal(share.pay(5), 3)
  t.equal(share.isIndebted, false)
  share.push(read(), true)
  share.begin(true, ROOM)
  share.end(list, ROOM, 10_000)
  t.equal(share.pay(1000), 500)
})

t.test('one that owes pays in the turns of those who wait in it', async t => {
  const share = new NamespaceShare('a')
  t.strictSame([share.hasTurn(true), share.hasTurn(false)], [true, false])
  share.push(read(), false)
  t.strictSame([share.hasTurn(true), share.hasTurn(false)], [false, true])
  share.push(read(), true)
  t.strictSame([share.hasTurn(true), share.hasTurn(false)], [true, true])
})
