import t from 'tap'
import { makeDownload } from '../../src/page/download.ts'

t.test('a file that is whole is not called a part', async t => {
  t.strictSame(makeDownload('a.csv', 'things', ['a'], [['1'], ['=2']]), {
    file: 'a.csv',
    label: 'Download things as CSV',
    text: "a\n1\n'=2\n",
  })
})

t.test('one that is not says how much of it is there', async t => {
  const rows = Array.from({ length: 3000 }, () => ['x'.repeat(999)])
  const { label, text } = makeDownload('a.csv', 'things', ['a'], rows)
  t.equal(label, 'Download things as CSV (the first 1,048 of 3,000)')
  t.ok(text.length <= 1024 * 1024)
})
