import t from 'tap'
import { ReadRoom, type ReadSize } from '../../src/cluster/read-room.ts'

/** Takes all that there is, and says how much it was. */
function takeAll(room: ReadRoom, size: ReadSize, forPerson: boolean): number {
  let taken = 0
  for (; room.has(size, forPerson); taken += 1) room.take(size)
  return taken
}

t.test('there is room for so many reads of each size, and a part of it is for people alone', async t => {
  const room = ReadRoom.ofAll()
  t.equal(takeAll(room, 'object', false), 24)
  t.equal(takeAll(room, 'object', true), 8)
  t.equal(takeAll(room, 'namespace', false), 3)
  t.equal(takeAll(room, 'namespace', true), 1)
  room.giveBack('object')
  t.strictSame([room.has('object', false), room.has('object', true)], [false, true])
})

t.test('one namespace has its controllers and people share', async t => {
  const room = ReadRoom.ofNamespace()
  t.equal(takeAll(room, 'object', false), 8)
  t.equal(takeAll(room, 'object', true), 0)
  t.equal(takeAll(room, 'namespace', false), 1)
})
