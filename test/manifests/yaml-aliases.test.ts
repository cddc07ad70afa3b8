import t from 'tap'
import { type Document, type ParsedNode, parseDocument } from 'yaml'
import { isAffordable } from '../../src/manifests/yaml-aliases.ts'

function parse(text: string): Document.Parsed<ParsedNode, false> {
  return parseDocument(text, { merge: true, strict: false, uniqueKeys: false, logLevel: 'error' })
}

const times = (count: number, write: (i: number) => string) => Array.from({ length: count }, (_, i) => write(i))
const list = (items: readonly string[]) => `[${items.join(', ')}]`
const MAP = `{${times(2000, i => `k${i}: 1`).join(', ')}}`

const cases: readonly [name: string, text: string, isAffordable: boolean][] = [
  ['no aliases', 'a: 1', true],
  ['nothing', '', true],
  ['aliases as people use them', `a: &a {b: 1}\nb:\n${times(50, () => '- {<<: *a, c: *a}\n').join('')}`, true],
  ['many anchors and no aliases', list(times(30_000, i => `&a${i} 1`)), true],
  ['more than a thousand aliases', list(['&a 1', ...times(1001, () => '*a')]), false],
  ['many of a large map', `a: &a ${MAP}\nb: ${list(times(400, () => '*a'))}`, false],
  ['many that merge it', `a: &a ${MAP}\nb: ${list(times(400, () => '{<<: *a}'))}`, false],
  ['a few of it', `a: &a ${MAP}\nb: ${list(times(100, () => '*a'))}`, true],
  ['aliases among many anchors', list([...times(30_000, i => `&a${i} 1`), ...times(1000, () => '*a1')]), false],
  [
    'keys that are lists among many anchors',
    `{a: ${list(times(30_000, i => `&a${i} 1`))}, ${times(1000, i => `[${i}]: 1`)}}`,
    false,
  ],
  ['an anchor that is given again', `a: &a ${MAP}\nb: &a 1\nc: ${list(times(900, () => '*a'))}`, true],
]

t.test('what the aliases of a document stand for has a limit', async t => {
  for (const [name, text, expected] of cases) t.equal(isAffordable(parse(text)), expected, name)
})

t.test('what they stand for multiplies where an alias stands for aliases', async t => {
  const bomb = ['&a0 1', ...times(25, i => `&a${i + 1} [*a${i}, *a${i}]`)]
  t.equal(isAffordable(parse(list(bomb))), false)
  t.equal(isAffordable(parse(list(bomb.slice(0, 15)))), true)
})
