import t from 'tap'
import { CacheRoom } from '../../../src/cluster/held/cache-room.ts'
import { HeldObjects } from '../../../src/cluster/held/held-objects.ts'

/** Room for some objects of one letter whose names have one, which take so many bytes each. */
const EACH = 200

function setUp(perNamespace: number, total = 100) {
  const [partial, released]: [string[], string[]] = [[], []]
  const room = new CacheRoom({ perNamespace: perNamespace * EACH, total: total * EACH })
  const bytesOf = (value: string) => value.length * EACH - 162
  const holding = { room, bytesOf, onPartial: (namespace: string) => partial.push(namespace) }
  const make = () => new HeldObjects<string>(holding, (namespace, name) => released.push(`${namespace}/${name}`))
  return { room, holding, held: make(), make, partial, released }
}

t.test('what there is room for is held, and counted', async t => {
  const { held, partial } = setUp(3)
  held.put('ns', 'a', 'x')
  held.put('ns', 'b', 'xx')
  held.put('other', 'a', 'x')
  t.strictSame([held.size, held.totalBytes, ...held.bytes], [3, 4 * EACH, ['ns', 3 * EACH], ['other', EACH]])
  held.put('ns', 'b', 'x')
  t.equal(held.bytes.get('ns'), 2 * EACH)
  t.equal(held.remove('ns', 'b'), true)
  t.equal(held.remove('ns', 'b'), false)
  t.equal(held.remove('ns', 'a'), true)
  t.strictSame([held.size, held.totalBytes, ...held.bytes], [1, EACH, ['other', EACH]])
  t.equal(held.in('ns'), undefined)
  t.strictSame(partial, [])
})

t.test('what there is no room for is not held, whatever was there before', async t => {
  const { held, partial } = setUp(2)
  held.put('ns', 'a', 'x')
  held.put('ns', 'b', 'x')
  held.put('ns', 'c', 'x')
  held.put('ns', 'a', 'xx')
  t.strictSame([...(held.in('ns') ?? [])], [['b', 'x']])
  t.equal(held.isPartial('ns', 'a'), true)
  t.equal(held.isPartial('other', 'a'), false)
  t.strictSame(partial, ['ns'], 'told once')
  held.put('ns', 'd', 'x')
  t.equal(held.get('ns', 'd'), 'x', 'there is room again')
})

t.test('an object that is in no namespace has a share of its own', async t => {
  const { held, partial } = setUp(2)
  held.put('', 'a', 'xxx')
  held.put('', 'b', 'xx')
  held.put('', 'c', 'xx')
  t.strictSame([...(held.in('')?.keys() ?? [])], ['b', 'c'])
  t.equal(held.isPartial('', 'a'), true)
  t.equal(held.isPartial('', 'b'), false)
  t.strictSame(partial, ['a'])
})

t.test('those who hold the most give up what they hold, when there is no room for all', async t => {
  const { held, partial, released } = setUp(50, 8)
  for (const name of 'abcde') held.put('much', name, 'x')
  held.put('little', 'a', 'x')
  held.put('', 'z', 'x')
  held.put('other', 'a', 'x')
  t.strictSame([partial, released], [[], []])
  held.put('last', 'a', 'x')
  t.strictSame(partial, ['much'])
  t.strictSame(released, ['much/a', 'much/b'])
  t.strictSame(
    [...held.bytes.values()],
    [3, 1, 1, 1, 1].map(count => count * EACH),
  )
  t.equal(held.release('z', 1), EACH)
  t.equal(held.release('nobody', 1), 0)
  t.equal(held.get('', 'z'), undefined)
})

t.test('one list takes the place of another', async t => {
  const { room, holding, held, released } = setUp(2)
  held.put('ns', 'a', 'xx')
  const draft = new HeldObjects<string>({ ...holding, room: room.draft() }, () => undefined)
  draft.put('ns', 'a', 'x')
  draft.put('ns', 'b', 'x')
  draft.takePlaceOf(held)
  draft.put('ns', 'c', 'x')
  t.strictSame([...(draft.in('ns')?.keys() ?? [])], ['a', 'b'])
  t.strictSame(released, [])
})
