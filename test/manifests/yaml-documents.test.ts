import t from 'tap'
import { readYamlDocuments } from '../../src/manifests/yaml-documents.ts'

function read(text: string) {
  const found = [...readYamlDocuments(text)]
  return {
    documents: found.flatMap(document => ('fault' in document ? [] : [document])),
    faults: found.flatMap(document => {
      if (!('fault' in document)) return []
      const { line, column, message } = document.fault
      return [`${line === undefined ? '' : `:${line}:${column}`}: ${message}`]
    }),
  }
}

t.test('the documents of a text, and where what is in them begins', async t => {
  const { documents, faults } = read('# a comment\na: {b: 1}\n---\nc:\n  - d\n')
  t.strictSame(faults, [])
  t.strictSame(
    documents.map(({ value }) => value),
    [{ a: { b: 1 } }, { c: ['d'] }],
  )
  const [first, second] = documents
  t.strictSame(first?.placeOf(['a', 'b']), { line: 2, column: 8 })
  t.strictSame(second?.placeOf(['c', 0]), { line: 5, column: 5 })
  t.equal(second?.placeOf(['none']), undefined)
})

t.test('a key may stand twice, as kubectl has it, and merge keys are merged', async t => {
  const { documents } = read('a: 1\na: 2\nb: &b {c: 3}\nd: {<<: *b, e: 4}\n')
  t.strictSame(documents[0]?.value, { a: 2, b: { c: 3 }, d: { c: 3, e: 4 } })
})

t.test('what is true or false without quotes is so, as kubectl has it', async t => {
  const { documents } = read('[on, y, Yes, TRUE, off, "off", N, no, False, onn, offer, yes!, oN]\n')
  const [value] = documents.map(document => document.value)
  t.strictSame(value, [true, true, true, true, false, 'off', false, false, false, 'onn', 'offer', 'yes!', 'oN'])
})

t.test('what is wrong is told in one line, of which nothing is quoted', async t => {
  const cases = [
    { text: 'a: b: hunter2', says: /^:1:4: .*: nested mappings are not allowed in compact mappings;/ },
    { text: 'a: "hunter2\\z"', says: /: there is a bad escape sequence in double quotes;/ },
    { text: 'a: "hunter2" hunter2', says: /: there is text that does not belong here;/ },
    { text: 'a: &a hunter2\nb: &b *a', says: /: ALIAS_PROPS;/ },
    { text: `hunter2: ${'['.repeat(20_000)}`, says: /: it is nested too deeply;/ },
    { text: 'hunter2: *a', says: /^: its YAML aliases cannot be resolved; write them out/ },
    { text: '\n---\na: {{ .Values.hunter2 }}', says: /^:3:5: this is a template that is not rendered yet/ },
  ]
  for (const { text, says } of cases) {
    const { faults } = read(text)
    t.match(faults, [says], text.slice(0, 100))
    t.notMatch(faults.join(), /hunter2/, text.slice(0, 100))
  }
})

t.test('aliases that multiply are not resolved', async t => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
  ]
  t.match(read(bomb.join('\n')), { documents: [], faults: [/^: its YAML aliases stand for too much/] })
})

t.test('there is a limit to a document, and nothing is read past it', async t => {
  const large = read(`a: 1\n---\n[${'a, '.repeat(400_000)}]\n---\nb: [`)
  t.strictSame(large.documents.length, 0)
  t.strictSame(large.faults, [': a document in it is too large to be read as YAML; split it, or write it as JSON'])
  const small = read(`[${'a, '.repeat(100_000)}]\n---\n`.repeat(4))
  t.strictSame(small.faults, [], 'several documents may be as large as they like together')
})
