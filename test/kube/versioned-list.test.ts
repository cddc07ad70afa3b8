import t from 'tap'
import { NO_VERSION, newest } from '../../src/kube/versioned-list.ts'

const found = (...versions: (bigint | number | string)[]) =>
  versions.map((version, value) => ({ name: 'a', version: BigInt(version), value }))

// That lists are read page by page, and objects stripped, is tested with the lists of Secrets: test/cluster/live-reads.test.ts.
t.test('of objects of one name the one that was written last', async t => {
  t.equal(newest([]), undefined)
  t.match(newest(found(5)), { value: 0 })
  t.match(newest(found(5, 9, 7)), { value: 1 })
  t.match(newest(found('18446744073709551617', 3)), { value: 0 }, 'versions are numbers of any size')
})

t.test('where that cannot be said', async t => {
  t.equal(newest(found(5, 5)), 'disagreed')
  t.equal(newest(found(5, 5, 9)), 'disagreed')
  t.equal(newest(found(NO_VERSION, NO_VERSION)), 'disagreed')
})
