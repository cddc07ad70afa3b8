import fc from 'fast-check'
import t from 'tap'
import { prune } from '../../src/review/prune.ts'
import { checkPod } from '../../src/review/schema.ts'

t.test('a small value is copied whole', async t => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), value => {
      t.strictSame(prune(value), value)
    }),
    { numRuns: 50 },
  )
})

t.test('of a list the first thousand items are left', async t => {
  const list = Array.from({ length: 20_000 }, (_, i) => i)
  t.strictSame(prune({ deep: { list }, last: 'here' }), { deep: { list: list.slice(0, 1000) }, last: 'here' })
})

t.test('of all of it the first ten thousand fields are left, those further up first', async t => {
  const lists = Array.from({ length: 20 }, () => Array.from({ length: 1000 }, (_, i) => i))
  const pruned = prune({ lists, last: 'here' })
  t.match(pruned, { last: 'here' })
  const { lists: left } = pruned as { lists: number[][] }
  t.equal(left.flat().length + left.length + 2, 10_000)
})

t.test('long names are cut', async t => {
  t.strictSame(prune({ ['n'.repeat(1000)]: 1 }), { ['n'.repeat(300)]: 1 })
})

t.test('a key that is a prototype elsewhere is a key', async t => {
  t.strictSame(Object.keys(prune(JSON.parse('{"__proto__":{"a":1}}')) as object), ['__proto__'])
})

t.test('what is wrong with a large object is named where it is among the first, and else not placed', async t => {
  const containers = Array.from({ length: 100_000 }, () => ({ name: 'a' }))
  const early = checkPod({ spec: { containers: [{ name: 1 }, ...containers] } })
  t.strictSame(early, { fault: 'spec.containers[0].name must be a string' })
  const late = checkPod({ spec: { containers: [...containers, { name: 1 }] } }, '/spec/template')
  t.strictSame(late, { fault: 'spec.template has a field of another type than its kind has' })
})
