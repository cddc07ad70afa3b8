import { join } from 'node:path'
import t from 'tap'
import { mergeFiles } from '../../../src/page/merged/merge-files.ts'
import { sample } from '../documents.ts'

t.test('a file that cannot be used is named with what is wrong, and the others are merged', async t => {
  const folder = t.testdir({
    'a.json': JSON.stringify(sample('a')),
    'b.json': JSON.stringify({ ...sample(), cluster: null }),
    'empty.json': '',
    'list.json': '{"items": []}',
    'large.json': `${JSON.stringify(sample('large'))}${' '.repeat(20_000)}`,
  })
  const path = (name: string) => join(folder, name)
  const files = ['a.json', 'none.json', 'empty.json', 'b.json', 'large.json', 'list.json', '.', './a.json'].map(path)
  const merge = await mergeFiles(files, 10_000)
  t.strictSame(
    merge.end(0).clusters.map(({ cluster }) => cluster),
    ['a', 'b'],
  )
  const hint = 'write one with: regcred scan -A -o json=FILE'
  const said = merge.faults.map(fault => fault.replaceAll(folder, '.'))
  t.match(said, [
    'cannot use ./none.json: no such file or directory',
    `cannot use ./empty.json: it is not JSON; ${hint}`,
    'cannot use ./large.json: it has more than 10,000 bytes',
    /^cannot use \.\/list\.json: it is not what a scan writes \(.*\); write one with: /,
    /^cannot use .*: illegal operation on a directory/,
    'cannot use ./a.json: it is named twice',
  ])
  t.equal(merge.isEmpty, false)
  t.equal((await mergeFiles([path('none.json')])).isEmpty, true)
})
