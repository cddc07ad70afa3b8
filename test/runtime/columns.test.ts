import fc from 'fast-check'
import t from 'tap'
import { hang, layOutTable } from '../../src/runtime/columns.ts'
import { holdsInvisible, hostileText } from './hostile-text.ts'

t.test('columns are as wide as their widest cell, and what does not fit goes on below in its own', async t => {
  const rows = [
    ['NAME', 'USER', 'WORKS FOR'],
    ['ghcr.io', 'joe', 'every image that begins with ghcr.io'],
    ['a.very.long.registry.example.com', 'x', 'no'],
  ]
  t.strictSame(layOutTable(rows, 44, [20, 10]), [
    'NAME                  USER  WORKS FOR',
    'ghcr.io               joe   every image that',
    '                            begins with',
    '                            ghcr.io',
    'a.very.long.          x     no',
    'registry.example.com',
  ])
  t.strictSame(layOutTable([['a', 'b']], 80, [10]), ['a  b'])
  t.strictSame(layOutTable([['a'], ['b', 'c'], []], 80, [10]), ['a', 'b  c', ''], 'cells may be left out')
})

t.test('a word that is too long is broken behind a dot or a slash, or anywhere', async t => {
  t.strictSame(hang('', 'registry.example.com/acme', 22), ['registry.example.com/', 'acme'])
  t.strictSame(hang('', `${'a'.repeat(20)} b`, 16), ['a'.repeat(16), 'aaaa b'])
  t.strictSame(hang('', `${'a'.repeat(15)}𐀀`, 16), ['a'.repeat(15), '𐀀'], 'never in the middle of a character')
})

t.test('a text hangs below its beginning', async t => {
  t.strictSame(hang('Next: ', 'write it where it has to be', 26), ['Next: write it where it', '      has to be'])
})

t.test('lines keep within their width, and lose nothing but blanks', async () => {
  fc.assert(
    fc.property(hostileText, fc.integer({ min: 30, max: 120 }), (text, width) => {
      const lines = [...hang('* ', text, width), ...layOutTable([['a', 'b', text]], width, [5, 5])]
      return lines.every(line => line.length <= width && !holdsInvisible(line))
    }),
  )
})
