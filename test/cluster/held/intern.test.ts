import t from 'tap'
import { Interner } from '../../../src/cluster/held/intern.ts'

t.test('equal values are one', async t => {
  const shared = new Interner<{ readonly name: string; readonly list: readonly number[] }>()
  const first = { name: 'a', list: [1] }
  t.equal(shared.share(first), first)
  t.equal(shared.share({ name: 'a', list: [1] }), first)
  const other = { name: 'a', list: [2] }
  t.equal(shared.share(other), other)
})

t.test('long ones are not looked for', async t => {
  const shared = new Interner<string>()
  const long = ['x'.repeat(1000), 'y'.repeat(1000)]
  t.strictSame(
    long.map(value => shared.share(value)),
    long,
  )
})

t.test('what is known is bounded', async t => {
  const shared = new Interner<{ readonly number: number }>()
  const first = { number: 0 }
  shared.share(first)
  for (let number = 1; number < 10_000; number += 1) shared.share({ number })
  t.equal(shared.share({ number: 0 }), first)
  shared.share({ number: 10_000 })
  t.not(shared.share({ number: 0 }), first)
})
