import t from 'tap'
import { count } from '../../src/runtime/count.ts'

t.test('one of a thing has no s', async t => {
  t.strictSame(
    [0, 1, 2].map(number => count(number, 'image')),
    ['0 images', '1 image', '2 images'],
  )
})
