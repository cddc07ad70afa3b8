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

t.test('what it remembers is bounded, in images as in namespaces and in characters', async t => {
  const misses = new NegativeCache(new FakeClock())
  misses.add('first', [IMAGE])
  misses.add(
    'a',
    Array.from({ length: 9_999 }, (_, i) => `image-${i}`),
  )
  t.equal(misses.has('first', IMAGE), true)
  misses.add('b', [IMAGE])
  t.equal(misses.has('first', IMAGE), false, 'past the limit all are forgotten')
  t.equal(misses.has('b', IMAGE), true)
  const long = 'x'.repeat(513)
  misses.add('b', [long])
  t.equal(misses.has('b', long), false)
})

t.test('what has run out makes room', async t => {
  const clock = new FakeClock()
  const misses = new NegativeCache(clock)
  for (let round = 0; round < 3; round += 1) {
    misses.add('kept', [IMAGE])
    misses.add(
      'a',
      Array.from({ length: 6000 }, (_, i) => `image-${round}-${i}`),
    )
    t.equal(misses.has('kept', IMAGE), true)
    clock.advance(1000)
  }
})
