import t from 'tap'
import { NamespaceCount } from '../../src/cluster/namespace-count.ts'

t.test('what is under way is counted by namespace, until it has ended or failed', async t => {
  const count = new NamespaceCount()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const other = Promise.withResolvers<number>()
  const works = [
    count.during('a', () => promise),
    count.during('a', () => other.promise),
    count.during('b', () => other.promise),
  ]
  t.strictSame([count.of('a'), count.of('b'), count.of('c'), count.all], [2, 1, 0, 3])
  reject(new Error('failed'))
  resolve(1)
  await t.rejects(works[0] ?? promise, { message: 'failed' })
  t.strictSame([count.of('a'), count.of('b'), count.all], [1, 1, 2])
  other.resolve(7)
  t.strictSame(await Promise.all(works.slice(1)), [7, 7])
  t.strictSame([count.of('a'), count.of('b'), count.all], [0, 0, 0])
})
