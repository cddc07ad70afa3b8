import t from 'tap'
import { NegativeCache } from '../../src/cluster/recent-misses.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

const IMAGE = 'registry.example.com/acme/web:1'

t.test('a miss stands for a second, image by image and namespace by namespace', async t => {
  const clock = new FakeClock()
  const misses = new NegativeCache(clock)
  misses.add('a', [IMAGE])
  t.equal(misses.has('a', IMAGE), true)
  t.equal(misses.has('a', 'other'), false)
  t.equal(misses.has('b', IMAGE), false)
  clock.advance(999)
  t.equal(misses.has('a', IMAGE), true)
  clock.advance(1)
  t.equal(misses.has('a', IMAGE), false)
})

t.test('a change in a namespace, or anywhere, makes an end of misses', async t => {
  const misses = new NegativeCache(new FakeClock())
  misses.add('a', [IMAGE])
  misses.add('b', [IMAGE])
  misses.forget('a')
  t.equal(misses.has('a', IMAGE), false)
  t.equal(misses.has('b', IMAGE), true)
  misses.forgetAll()
  t.equal(misses.has('b', IMAGE), false)
})

t.test('what is remembered of one namespace is bounded, and its oldest is forgotten first', async t => {
  const misses = new NegativeCache(new FakeClock())
  misses.add('b', [IMAGE])
  misses.add('a', imagesOf(500, 'old'))
  misses.add('a', [IMAGE])
  t.equal(misses.has('a', IMAGE), true)
  t.equal(misses.has('a', 'old-0'), false)
  t.equal(misses.has('a', 'old-1'), true)
  misses.add('a', imagesOf(10_000, 'new'))
  t.equal(misses.has('a', 'new-9999'), true)
  t.equal(misses.has('a', 'new-9499'), false)
  t.equal(misses.has('a', IMAGE), false)
  t.equal(misses.has('b', IMAGE), true, 'nothing is taken from others')
})

t.test('an image with a very long name is not remembered, nor is nothing', async t => {
  const misses = new NegativeCache(new FakeClock())
  const long = 'x'.repeat(513)
  misses.add('a', [IMAGE])
  misses.add('a', [long])
  misses.add('a', [])
  t.equal(misses.has('a', long), false)
  t.equal(misses.has('a', IMAGE), true)
})

t.test('what is remembered of all is bounded, in namespaces as in bytes', async t => {
  const many = new NegativeCache(new FakeClock())
  for (let i = 0; i <= 1000; i += 1) many.add(`ns-${i}`, [IMAGE])
  t.strictSame([many.has('ns-0', IMAGE), many.has('ns-1', IMAGE)], [false, true])

  // 544 kB each: there is room for seven.
  const large = new NegativeCache(new FakeClock())
  for (let i = 0; i < 8; i += 1) large.add(`ns-${i}`, imagesOf(500, 'x'.repeat(508)))
  const last = `${'x'.repeat(508)}-499`
  t.equal(large.has('ns-7', last), true)
  t.equal(large.has('ns-1', last), true)
  t.equal(large.has('ns-0', last), false)
})

t.test('what has run out makes room', async t => {
  const clock = new FakeClock()
  const misses = new NegativeCache(clock)
  for (let round = 0; round < 3; round += 1) {
    misses.add('a', imagesOf(499, `image-${round}`))
    misses.add('a', [IMAGE])
    t.equal(misses.has('a', `image-${round}-0`), true)
    clock.advance(1000)
  }
})

function imagesOf(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i}`)
}
