import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import type { Place } from '../../src/manifests/found.ts'
import { readOrdinaryYaml } from '../../src/manifests/ordinary-yaml.ts'
import { readYaml } from '../../src/manifests/yaml.ts'
import { readYamlDocuments, type YamlDocument } from '../../src/manifests/yaml-documents.ts'

const FOLDER = join(import.meta.dirname, '..')

type Shown =
  | { readonly fault: unknown }
  | { readonly value: unknown; readonly source?: string; readonly places: object }

/** What a reader says of a document, with the places of all that is in it. */
function show(document: YamlDocument): Shown {
  if ('fault' in document) return { fault: document.fault }
  const places: Record<string, Place | undefined> = {}
  const note = (value: unknown, path: readonly (string | number)[]): void => {
    // Where nothing is written nothing begins.
    if (value === null) return
    places[JSON.stringify(path)] = document.placeOf(path)
    if (typeof value !== 'object') return
    for (const [key, below] of Object.entries(value)) note(below, [...path, Array.isArray(value) ? Number(key) : key])
  }
  note(document.value, [])
  const { value, source } = document
  return { value, ...(source !== undefined && { source }), places }
}

/** Documents that hold something; whether an empty one is one is nobody's business. */
function isSomething(shown: Shown): boolean {
  return 'fault' in shown || (shown.value !== null && shown.value !== undefined)
}

async function asRead(text: string): Promise<Shown[]> {
  const shown: Shown[] = []
  for await (const document of readYaml(text)) shown.push(show(document))
  return shown.filter(isSomething)
}

function asReadByOther(text: string): Shown[] {
  return [...readYamlDocuments(text)].map(show).filter(isSomething)
}

t.test('what manifests say does not depend on how they are read', async t => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(file => /\.ya?ml$/.test(file))
  t.ok(files.length > 300)
  let ordinary = 0
  for (const file of files) {
    const text = readFileSync(join(FOLDER, file), 'utf8')
    t.strictSame(await asRead(text), asReadByOther(text), file)
    if (readOrdinaryYaml(text) !== undefined) ordinary += 1
  }
  t.ok(ordinary > 200, 'most of them are ordinary')
})

const TEXT = fc.oneof(
  fc.string({ unit: fc.constantFrom(...' ab1:#-,[]{}&*!|>\'"%@`\n\t?~.<é😀') }),
  fc.constantFrom(
    'no',
    'off',
    'null',
    '~',
    '0x1F',
    '0o17',
    '017',
    '1e3',
    '.5',
    '1.',
    '-0',
    '+1',
    '.inf',
    '.nan',
    '1_0',
    'a: b',
    '---',
  ),
)
const VALUE = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    TEXT,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(TEXT, tie('value'), { maxKeys: 4 }),
}))
const STYLE = fc.record({
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
  defaultStringType: fc.constantFrom(
    'PLAIN' as const,
    'QUOTE_DOUBLE' as const,
    'QUOTE_SINGLE' as const,
    'BLOCK_LITERAL' as const,
    'BLOCK_FOLDED' as const,
  ),
  lineWidth: fc.constantFrom(0, 20, 80),
})
const DOCUMENT = fc.tuple(VALUE.map, STYLE).map(([value, style]) => stringify(value, style))

t.test('nor does that of any document', async t => {
  const property = fc.asyncProperty(
    fc.array(DOCUMENT, { maxLength: 3 }),
    fc.constantFrom('\n', '\r\n'),
    async (all, end) => {
      const text = all.join('---\n').replaceAll('\n', end)
      t.strictSame(await asRead(text), asReadByOther(text), JSON.stringify(text))
    },
  )
  await fc.assert(property, { numRuns: 300 })
  t.pass()
})

t.test('comments above the first line of dashes say what a document was rendered from', async t => {
  const text = '# Source: a.yaml\n\n---\nkind: A\n---\n# Source: b.yaml\nkind: B\n---\nkind: C\n'
  const shown = await asRead(text)
  t.strictSame(
    shown.map(one => ('source' in one ? one.source : undefined)),
    ['a.yaml', 'b.yaml', undefined],
  )
  const tagged = await asRead(text.replace('kind: A', 'kind: !!str A').replace('kind: B', 'kind: &b B'))
  t.strictSame(
    tagged.map(one => ('source' in one ? one.source : undefined)),
    ['a.yaml', 'b.yaml', undefined],
  )
})

t.test('a document that is not ordinary keeps its place in the text, and so does what is wrong', async t => {
  const text = 'kind: A\n---\nkind: &b B\n---\nkind: {\n---\nkind: C\n---\n%x: 1\n'
  for (const one of [text, text.slice(0, -10)]) t.strictSame(await asRead(one), asReadByOther(one))
  t.match(await asRead(text.slice(0, -10)), [{}, { places: { '[]': { line: 3 } } }, { fault: { line: 6 } }, {}])
})

t.test('directives, other ends of lines and of documents are left to who knows them', async t => {
  for (const text of [
    '%YAML 1.2\n---\na: 1\n',
    'a: 1\n...\nb: 2\n',
    'a: 1\rb: 2\n',
    '\uFEFFa: 1\n',
    'a: |\n  ----\n---- b\n',
  ]) {
    t.strictSame(await asRead(text), asReadByOther(text), JSON.stringify(text))
  }
  t.strictSame(await asRead(`a: "${'x'.repeat(300_000)}"\n`), asReadByOther(`a: "${'x'.repeat(300_000)}"\n`))
  t.match(await asRead('---\na: {{ b }}\n'), [{ fault: { line: 2, message: /not rendered/ } }])
  t.match(await asRead('---\nb: 1\n---\na: *a\n'), [{}, { fault: { line: undefined } }])
})

t.test('there is a limit to the documents of a text', async t => {
  const told = { fault: { message: 'there are more than 100000 documents in it; split it' } }
  t.strictSame((await asRead('---\n'.repeat(100_002))).at(-1), told)
})
