import t from 'tap'
import { locate, parseYamlSource } from '../../src/config/yaml-source.ts'

t.test('a value is found where it stands, and its key where that stands', async t => {
  const file = parseYamlSource('a:\n  b:\n    - c\n')
  t.notMatch(file, { faults: Array })
  if ('faults' in file) return
  t.strictSame(locate(file.places, ['a', 'b', 0]), { line: 3, column: 7 })
  t.strictSame(locate(file.places, ['a', 'b'], 'key'), { line: 2, column: 3 })
  t.strictSame(locate(file.places, ['a', 'missing']), { line: 2, column: 3 })
})

t.test('where nothing is written down, the beginning of the file is meant', async t => {
  t.strictSame(locate(new Map(), ['a']), { line: 1, column: 1 })
})

t.test('a mapping keeps what would change an object', async t => {
  const file = parseYamlSource('{__proto__: {admin: true}, bare}')
  t.ok('value' in file)
  if (!('value' in file)) return
  t.strictSame(Object.keys(Object(file.value)), ['__proto__', 'bare'])
  t.equal(Object(file.value).admin, undefined)
})
