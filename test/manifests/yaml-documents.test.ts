import t from 'tap'
import { readYamlDocuments } from '../../src/manifests/yaml-documents.ts'

t.test('the documents of a text, and where what is in them begins', async t => {
  const { documents, faults } = readYamlDocuments('# a comment\na: {b: 1}\n---\nc:\n  - d\n')
  t.strictSame(faults, [])
  t.strictSame(
    documents.map(({ value }) => value),
    [{ a: { b: 1 } }, { c: ['d'] }],
  )
  const [first, second] = documents
  t.equal(first?.lineOf(['a', 'b']), 2)
  t.equal(second?.lineOf(['c', 0]), 5)
  t.equal(second?.lineOf(['none']), undefined)
})

t.test('a key may stand twice, as kubectl has it, and merge keys are merged', async t => {
  const { documents } = readYamlDocuments('a: 1\na: 2\nb: &b {c: 3}\nd: {<<: *b, e: 4}\n')
  t.strictSame(documents[0]?.value, { a: 2, b: { c: 3 }, d: { c: 3, e: 4 } })
})

t.test('what is wrong is told in one line, of which nothing is quoted', async t => {
  const cases = [
    { text: 'a: b: hunter2', says: /^:1:4: .*: nested mappings are not allowed in compact mappings;/ },
    { text: 'a: "hunter2\\z"', says: /: there is a bad escape sequence in double quotes;/ },
    { text: 'a: "hunter2" hunter2', says: /: there is text that does not belong here;/ },
    { text: 'a: &a hunter2\nb: &b *a', says: /: ALIAS_PROPS;/ },
  ]
  for (const { text, says } of cases) {
    const { faults } = readYamlDocuments(text)
    t.match(faults, [says], text)
    t.notMatch(faults.join(), /hunter2/, text)
  }
})

t.test('aliases that multiply are not resolved', async t => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
  ]
  t.match(readYamlDocuments(bomb.join('\n')), { documents: [], faults: [/^: its YAML aliases cannot be resolved/] })
})
