import t from 'tap'
import { count, nameFirst } from '../../src/runtime/count.ts'

t.test('one of a thing has no s', async t => {
  t.strictSame(
    [0, 1, 2].map(number => count(number, 'image')),
    ['0 images', '1 image', '2 images'],
  )
})

t.test('the first of many are named, and the others counted', async t => {
  t.equal(nameFirst(['a'], 1), 'a')
  t.equal(nameFirst(['a', 'b'], 2), 'a and b')
  t.equal(nameFirst(['a', 'b'], 5), 'a, b and 3 more')
})
