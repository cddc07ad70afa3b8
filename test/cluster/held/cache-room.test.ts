import t from 'tap'
import { CacheRoom, type RoomHolder } from '../../../src/cluster/held/cache-room.ts'

/** Holds so many bytes of each namespace, and frees them in tens. */
class Holder implements RoomHolder {
  readonly bytes: Map<string, number>

  constructor(bytes: Readonly<Record<string, number>>) {
    this.bytes = new Map(Object.entries(bytes))
  }

  get totalBytes(): number {
    return [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  release(namespace: string, bytes: number): number {
    const held = this.bytes.get(namespace) ?? 0
    const freed = Math.min(held, Math.ceil(bytes / 10) * 10)
    this.bytes.set(namespace, held - freed)
    return freed
  }
}

function roomOf(holder: RoomHolder, limits = { perNamespace: 100, total: 400 }): CacheRoom {
  const room = new CacheRoom(limits)
  room.enter(holder)
  return room
}

t.test('a namespace has its share, of all that holds something of it', async t => {
  const room = roomOf(new Holder({ a: 60 }))
  room.enter(new Holder({ a: 30, b: 100 }))
  t.equal(room.has('a', 10), true)
  t.equal(room.has('a', 11), false)
  t.equal(room.has('b', 1), false)
  t.equal(room.has('c', 100), true)
  t.equal(room.draft().has('b', 100), true)
})

const cases = [
  {
    name: 'nobody gives way where there is room for all',
    held: { a: 100, b: 100, c: 100, d: 100 },
    left: [100, 100, 100, 100],
  },
  // An eighth of the room is free then.
  { name: 'all give way alike', held: { a: 100, b: 100, c: 100, d: 101 }, left: [80, 80, 80, 81] },
  {
    name: 'those who hold little keep it',
    held: { a: 100, b: 5, c: 100, d: 100, e: 90, f: 10 },
    left: [80, 5, 80, 80, 80, 10],
  },
]
for (const { name, held, left } of cases) {
  t.test(name, async t => {
    const holder = new Holder(held)
    roomOf(holder).makeRoom()
    t.strictSame([...holder.bytes.values()], left)
  })
}

t.test('where one takes the place of another, all together keep to the limits again', async t => {
  const [before, beside] = [new Holder({ a: 90 }), new Holder({ a: 50 })]
  const room = roomOf(before)
  room.enter(beside)
  const after = new Holder({ a: 80, b: 10 })
  room.replace(before, after)
  t.strictSame([beside.bytes.get('a'), after.bytes.get('a')], [20, 80])
  t.equal(room.has('b', 91), false)
})
