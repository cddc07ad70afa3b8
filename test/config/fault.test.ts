import t from 'tap'
import { formatFault, formatPath, quote } from '../../src/config/fault.ts'

t.test('a fault is written as compilers do', async t => {
  const place = { line: 3, column: 7 }
  t.equal(formatFault('f.yaml', { path: 'mode', place, message: 'is wrong' }), 'f.yaml:3:7: mode: is wrong')
  t.equal(formatFault('f.yaml', { path: '', place, message: 'is wrong' }), 'f.yaml:3:7: is wrong')
  t.equal(formatFault('f.yaml', { path: 'mode', message: 'is wrong' }), 'f.yaml: mode: is wrong')
  t.match(formatFault('f.yaml', { path: '', message: 'is empty' }), /^f\.yaml:? is empty$/)
})

t.test('a path is written as people do', async t => {
  t.equal(formatPath([]), '')
  t.equal(formatPath(['registries', 'private', 1]), 'registries.private[1]')
  t.equal(formatPath(['a b', 'c']), '["a b"].c')
  t.equal(formatPath(['x'.repeat(61)]), `["${'x'.repeat(59)}…"]`)
})

t.test('text from a file is one short line', async t => {
  t.equal(quote('a"b'), '"a\\"b"')
  t.equal(quote('x'.repeat(61)), `"${'x'.repeat(59)}…"`)
  t.equal(quote('a\nb'), '"a\\nb"')
})
