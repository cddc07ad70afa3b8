import t from 'tap'
import { findEnds, readJsonValues } from '../../src/manifests/json-values.ts'

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
  ['brackets that close too early', '{}} {', undefined],
  ['a string that is not closed', '{"a": 1} {"\\"}', undefined],
  ['what closes and is no JSON', '{} {a}', undefined],
  ['nothing', '', undefined],
]

t.test('JSON values that follow one another', async t => {
  for (const [name, text, values] of cases) t.strictSame(readJsonValues(text), values, name)
})

const SHAPES: readonly [name: string, text: (size: number) => string][] = [
  ['quotes', size => `{${'"'.repeat(size)}`],
  ['quotes behind backslashes', size => `{"${'\\"'.repeat(size / 2)}`],
  ['quotes and backslashes', size => `{${'"\\'.repeat(size / 2)}`],
  ['backslashes', size => `{"${'\\'.repeat(size)}`],
  ['strings', size => `{${'"",'.repeat(size / 3)}`],
  ['values', size => '{"a":1}'.repeat(size / 7)],
  ['values, and something behind', size => `${'{"a":1}'.repeat(size / 7)}x`],
  ['what opens', size => '{"a":['.repeat(size / 6)],
  ['what closes', size => `{${'}'.repeat(size)}`],
  ['what opens and closes', size => `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`],
  ['spaces', size => `{${' '.repeat(size)}`],
]

t.test('however a text is made, no character of it is looked at twice', async t => {
  for (const [name, make] of SHAPES) {
    const text = make(3000)
    const looked: number[] = []
    const counting = {
      length: text.length,
      charCodeAt(at: number) {
        looked.push(at)
        return text.charCodeAt(at)
      },
    }
    t.strictSame(findEnds(counting), findEnds(text))
    t.equal(new Set(looked).size, looked.length, name)
  }
})
