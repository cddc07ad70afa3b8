import t from 'tap'
import { ObjectStore } from '../../src/cluster/object-store.ts'
import { ABSENT, UNKNOWN } from '../../src/policy/known.ts'
import { deaf, fill } from './fill.ts'

t.test('an object is unknown until the first list is complete, unless it is there', async t => {
  const held = new ObjectStore<string>(deaf)
  t.strictSame(held.get('ns', 'a'), UNKNOWN)
  held.put('ns', 'b', 'early')
  t.strictSame(held.get('ns', 'b'), { state: 'value', value: 'early' })
  fill(held)
  t.strictSame(held.get('ns', 'a'), ABSENT)
  t.strictSame(held.get('ns', 'b'), ABSENT)
})

t.test('an object is counted, named, and told of', async t => {
  const told: string[] = []
  const held = new ObjectStore<string>({
    changed: (namespace, name) => told.push(`${namespace}/${name}`),
    replaced: () => told.push('all'),
  })
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
  const held = new ObjectStore<object>(deaf)
  fill(held, [
    ['ns', 'a', { colour: 'red' }],
    ['other', 'a', { colour: 'red' }],
  ])
  const [first, second] = ['ns', 'other'].map(namespace => held.get(namespace, 'a'))
  t.equal(first?.state === 'value' && first.value, second?.state === 'value' && second.value)
})

t.test('names of any kind are names', async t => {
  const held = new ObjectStore<string>(deaf)
  fill(held, [['__proto__', 'constructor', '1']])
  t.strictSame(held.get('__proto__', 'constructor'), { state: 'value', value: '1' })
  t.strictSame(held.get('constructor', 'name'), ABSENT)
})
