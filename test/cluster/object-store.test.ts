import t from 'tap'
import { CacheRoom } from '../../src/cluster/held/cache-room.ts'
import type { Holding } from '../../src/cluster/held/held-objects.ts'
import { ObjectStore } from '../../src/cluster/object-store.ts'
import { ABSENT, UNKNOWN } from '../../src/policy/known.ts'
import { deaf, fill, unlimited } from './fill.ts'

t.test('an object is unknown until the first list is complete, unless it is there', async t => {
  const held = new ObjectStore<string>(deaf, unlimited())
  t.strictSame(held.get('ns', 'a'), UNKNOWN)
  held.put('ns', 'b', 'early')
  t.strictSame(held.get('ns', 'b'), { state: 'value', value: 'early' })
  fill(held)
  t.strictSame(held.get('ns', 'a'), ABSENT)
  t.strictSame(held.get('ns', 'b'), ABSENT)
})

t.test('an object is counted, named, and told of', async t => {
  const told: string[] = []
  const listener = {
    changed: (namespace: string, name: string) => told.push(`${namespace}/${name}`),
    replaced: () => told.push('all'),
  }
  const held = new ObjectStore<string>(listener, unlimited())
  fill(held, [
    ['ns', 'a', '1'],
    ['ns', 'a', '2'],
    ['other', 'a', '3'],
  ])
  t.equal(held.size, 2)
  held.put('ns', 'b', '4')
  held.put('ns', 'b', '5')
  t.equal(held.size, 3)
  t.strictSame([...held.names('ns')], ['a', 'b'])
  held.remove('ns', 'a')
  held.remove('ns', 'a')
  held.remove('none', 'a')
  t.equal(held.size, 2)
  t.equal(held.has('ns'), true)
  held.remove('ns', 'b')
  t.equal(held.has('ns'), false)
  t.strictSame([...held.names('ns')], [])
  t.strictSame(told, ['all', 'ns/b', 'ns/b', 'ns/a', 'ns/b'])
})

t.test('what a list has more than once is held once', async t => {
  const held = new ObjectStore<object>(deaf, unlimited())
  fill(held, [
    ['ns', 'a', { colour: 'red' }],
    ['other', 'a', { colour: 'red' }],
  ])
  const [first, second] = ['ns', 'other'].map(namespace => held.get(namespace, 'a'))
  t.equal(first?.state === 'value' && first.value, second?.state === 'value' && second.value)
})

t.test('names of any kind are names', async t => {
  const held = new ObjectStore<string>(deaf, unlimited())
  fill(held, [['__proto__', 'constructor', '1']])
  t.strictSame(held.get('__proto__', 'constructor'), { state: 'value', value: '1' })
  t.strictSame(held.get('constructor', 'name'), ABSENT)
})

/** Room for 16 objects of one letter, and for so many of a namespace. */
function narrow(perNamespace: number, partial: string[] = []): Holding<string> {
  const room = new CacheRoom({ perNamespace: perNamespace * 200, total: 3200 })
  return { room, bytesOf: value => value.length * 200 - 162, onPartial: namespace => partial.push(namespace) }
}

t.test(
  'of a namespace of which there is no room for everything what is not held is unknown, until the next list',
  async t => {
    const told: string[] = []
    const partial: string[] = []
    const changed = (namespace: string, name: string) => told.push(`${namespace}/${name}`)
    const held = new ObjectStore<string>({ changed, replaced: () => told.push('all') }, narrow(2, partial))
    fill(held, [
      ['ns', 'a', 'x'],
      ['ns', 'b', 'x'],
      ['ns', 'c', 'x'],
    ])
    t.match(held.get('ns', 'a'), { value: 'x' })
    t.strictSame(held.get('ns', 'c'), UNKNOWN)
    t.strictSame(held.get('ns', 'never'), UNKNOWN)
    t.strictSame(held.get('other', 'c'), ABSENT)
    t.strictSame([held.partialNamespaces, held.bytes, held.size, ...partial], [1, 400, 2, 'ns'])
    held.put('ns', 'c', 'y')
    held.remove('ns', 'c')
    held.remove('other', 'c')
    t.strictSame(told, ['all', 'ns/c', 'ns/c'], 'who remembers what was read live is told')
    fill(held, [['ns', 'a', 'x']])
    t.strictSame(held.get('ns', 'c'), ABSENT)
    t.equal(held.partialNamespaces, 0)
  },
)

t.test('what gives way to others is told of, but while a list is still received', async t => {
  const told: string[] = []
  const held = new ObjectStore<string>(
    { changed: (namespace, name) => told.push(`${namespace}/${name}`), replaced: () => told.push('all') },
    narrow(8),
  )
  const crowd = [...'abcdefgh'].map(name => ['crowd', name, 'x'] as const)
  fill(held, [...crowd, ...[...'abcdefghi'].map(namespace => [namespace, 'only', 'x'] as const)])
  t.strictSame(told, ['all'])
  t.equal(held.size, 14)
  for (const namespace of 'jkl') held.put(namespace, 'only', 'x')
  t.strictSame(told, ['all', 'j/only', 'crowd/d', 'crowd/e', 'crowd/f', 'k/only', 'l/only'])
  t.match(held.get('a', 'only'), { state: 'value' })
})

t.test('what a list has as it was is not held a second time', async t => {
  const held = new ObjectStore<object>(deaf, unlimited())
  const value = { colour: 'red' }
  fill(held, [['ns', 'a', value]])
  const list = held.replace()
  list.add('ns', 'a', { colour: 'red' })
  list.commit()
  const found = held.get('ns', 'a')
  t.equal(found.state === 'value' && found.value, value)
})
