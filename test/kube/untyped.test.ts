import t from 'tap'
import { get, getItems, getString, strings } from '../../src/kube/untyped.ts'

const object = { metadata: { name: 'web', labels: { a: 'b' }, generation: 3 }, list: ['x'], nothing: null }

t.test('the value at a path', async t => {
  t.equal(get(object, 'metadata', 'name'), 'web')
  t.equal(get(object, 'metadata', 'generation'), 3)
  t.equal(get(object, 'list', '0'), 'x')
  t.equal(get(object), object)
})

t.test('ways that end early', async t => {
  for (const path of [['no'], ['metadata', 'name', 'length'], ['nothing', 'a'], ['constructor'], ['__proto__', 'x']]) {
    t.equal(get(object, ...path), undefined, path.join('.'))
  }
  for (const value of [undefined, null, 'text', 5]) t.equal(get(value, 'length'), undefined)
})

t.test('strings only', async t => {
  t.equal(getString(object, 'metadata', 'name'), 'web')
  t.equal(getString(object, 'metadata', 'generation'), undefined)
  t.strictSame(strings({ a: 'b', c: 5, d: null, e: '' }), { a: 'b', e: '' })
  for (const odd of [undefined, null, 5, 'text']) t.strictSame(strings(odd), {})
})

t.test('items only', async t => {
  t.strictSame(getItems(object, 'list'), ['x'])
  for (const path of [['no'], ['metadata'], ['metadata', 'name'], ['nothing']])
    t.strictSame(getItems(object, ...path), [])
})
