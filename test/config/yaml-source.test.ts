import t from 'tap'
import { locate, parseYamlSource } from '../../src/config/yaml-source.ts'
import { faultsOf, HEAD, type RefusedFile } from './refused.ts'

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

const refused: readonly RefusedFile[] = [
  { name: 'an empty file', text: '', faults: ['regcred.yaml: the file is empty'] },
  { name: 'a file of comments', text: '# mode: warn\n', faults: ['regcred.yaml: the file is empty'] },
  {
    name: 'a second document',
    text: `${HEAD}---\n${HEAD}`,
    faults: ['regcred.yaml:3:1: a second YAML document starts here; only one is allowed'],
  },
  {
    name: 'keys that stand twice',
    text: `${HEAD}mode: warn\nmode: off\ninject: {match: true, match: false}\n`,
    faults: [
      'regcred.yaml:4:1: mode: this key is here twice',
      'regcred.yaml:5:23: inject.match: this key is here twice',
    ],
  },
  {
    name: 'a pattern that YAML takes for an alias',
    text: `${HEAD}registries:\n  node: [*.gcr.io]\n`,
    faults: [
      'regcred.yaml:4:10: registries.node[0]: there is no anchor ".gcr.io" before this alias; put text that starts with * in quotes',
    ],
  },
  {
    name: 'an alias of what it stands in',
    text: `${HEAD}inject: &i {rules: [*i]}\n`,
    faults: [
      'regcred.yaml:3:21: inject.rules[0]: there is no anchor "i" before this alias; put text that starts with * in quotes',
    ],
  },
  {
    name: 'more aliases than anybody needs',
    text: `${HEAD}inject: {secrets: [&a x${', *a'.repeat(101)}]}\n`,
    faults: ['regcred.yaml:3:426: inject.secrets[101]: more than 100 aliases'],
  },
  {
    name: 'syntax that is no YAML, once a line',
    text: `${HEAD}mode: @warn\nview: {secrets: names\nignore: ]\n`,
    faults: [
      'regcred.yaml:3:7: Plain value cannot start with reserved character @',
      'regcred.yaml:5:1: Flow map in block collection must be sufficiently indented and end with a }',
    ],
  },
  {
    name: 'tags, and keys that are no text',
    text: `${HEAD}mode: !custom warn\n? [a]\n: 1\n`,
    faults: ['regcred.yaml:3:7: Unresolved tag: !custom', 'regcred.yaml:4:3: a key must be a string'],
  },
  {
    name: 'what is nested deeper than anything could be read',
    text: '['.repeat(20_000),
    faults: ['regcred.yaml:1:N: nested too deeply'],
  },
]

for (const { name, text, faults } of refused) {
  t.test(`refused, and every fault told: ${name}`, async t => {
    const told = faultsOf(text)
    // How deep is too deep hangs on the size of the stack.
    const deep = told.map(fault => fault.replace(/^(regcred.yaml:1:)\d+(: nested)/, '$1N$2'))
    t.strictSame(deep, faults)
  })
}
