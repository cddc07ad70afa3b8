import fc from 'fast-check'
import t from 'tap'
import { present } from '../../src/runtime/present.ts'

t.test('a value that is there is the value itself', async () => {
  const there = fc.anything().filter(value => value !== undefined)
  fc.assert(fc.property(there, value => Object.is(present<unknown>(value), value)))
})

t.test('one that is not there is a bug', async t => {
  t.throws(() => present(undefined), new TypeError('a value that has to be there is not'))
})
