import t from 'tap'
import { member, text, texts } from '../../src/cluster/json.ts'

const object = { metadata: { name: 'web', labels: { a: 'b' }, generation: 3 }, list: ['x'], nothing: null }

t.test('the value at a path', async t => {
  t.equal(member(object, 'metadata', 'name'), 'web')
  t.equal(member(object, 'metadata', 'generation'), 3)
  t.equal(member(object, 'list', '0'), 'x')
  t.equal(member(object), object)
})

t.test('ways that end early', async t => {
  for (const path of [['no'], ['metadata', 'name', 'length'], ['nothing', 'a'], ['constructor'], ['__proto__', 'x']]) {
    t.equal(member(object, ...path), undefined, path.join('.'))
  }
  for (const value of [undefined, null, 'text', 5]) t.equal(member(value, 'length'), undefined)
})

t.test('strings only', async t => {
  t.equal(text(object, 'metadata', 'name'), 'web')
  t.equal(text(object, 'metadata', 'generation'), undefined)
  t.strictSame(texts({ a: 'b', c: 5, d: null, e: '' }), { a: 'b', e: '' })
  for (const odd of [undefined, null, 5, 'text']) t.strictSame(texts(odd), {})
})
