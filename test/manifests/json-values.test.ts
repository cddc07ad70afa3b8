import t from 'tap'
import { readJsonValues } from '../../src/manifests/json-values.ts'

const cases: readonly [name: string, text: string, values: readonly unknown[] | undefined][] = [
  ['one value', ' {"a": 1}\n', [{ a: 1 }]],
  ['a list', '[1, 2]', [[1, 2]]],
  ['a plain value', '7', [7]],
  ['several, one after another', '{"a": 1}\n{"b": [{}]} {"c": 1}', [{ a: 1 }, { b: [{}] }, { c: 1 }]],
  ['brackets and quotes in strings', '{"a": "}\\"{"}{"b": "]"}', [{ a: '}"{' }, { b: ']' }]],
  ['behind a byte order mark', '\uFEFF{"a": 1}', [{ a: 1 }]],
  ['something behind the last', '{"a": 1}{"b": 1} x', undefined],
  ['one that is not closed', '{"a": 1}{"b": 1', undefined],
  ['a flow map of YAML', '{a: 1}', undefined],
  ['a map of YAML', 'a: 1', undefined],
  ['nothing', '', undefined],
]

t.test('JSON values that follow one another', async t => {
  for (const [name, text, values] of cases) t.strictSame(readJsonValues(text), values, name)
})
