import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { decode } from '../../src/review/decode.ts'
import { namesRead } from '../../src/review/read-names.ts'
import { Skimmer } from '../../src/review/skim.ts'

const MAX_BYTES = 1_000_000
const ROLLOUT = { group: 'argoproj.io', kind: 'Rollout', path: '/spec/odd~1path/template' }

/** @param pieceBytes of each piece in which the text comes */
function skim(text: string, { pieceBytes = 1000, maxBytes = MAX_BYTES, templates = [ROLLOUT] } = {}): Skimmer {
  const skimmer = new Skimmer(namesRead(templates), maxBytes)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) skimmer.add(bytes.subarray(at, at + pieceBytes))
  return skimmer
}

function keptOf(text: string, options = {}): string {
  return Buffer.concat(skim(text, options).take()).toString()
}

const texts: readonly { readonly name: string; readonly text: string; readonly kept: string }[] = [
  { name: 'what is read', text: '{"spec":{"containers":[{"name":"a"},{"image":"b"}]}}', kept: '' },
  { name: 'lists and other values', text: '[1,true,null,[],{},["a","b"]]', kept: '' },
  { name: 'a text alone', text: '"a"', kept: '' },
  { name: 'nothing', text: '', kept: '' },
  { name: 'no JSON', text: '}],:"', kept: '}],:"' },
  {
    name: 'what is not read, whatever it is',
    text: '{"a":1,"name":"b","c":{"name":[{"}":"\\"}]"}]},"d":"\\\\","image":"e"}',
    kept: '{"name":"b","image":"e","~":"…"}',
  },
  { name: 'nothing that is read', text: '{"a":[1,2]}', kept: '{"~":"…"}' },
  { name: 'an item of a list among field owners', text: '{"k:{\\"name\\":\\"a\\"}":{}}', kept: '' },
  { name: 'the path of a template', text: '{"odd/path":{"template":{}}}', kept: '' },
  {
    name: 'escapes for HTML',
    text: '{"name":"\\u003ca\\u003E\\u0026\\n\\u2028\\u00e9\\\\u003c"}',
    kept: '{"name":"<a>&\\n\\u2028\\u00e9\\\\u003c"}',
  },
]
for (const { name, text, kept } of texts) {
  t.test(`of ${name}`, async t => {
    for (const pieceBytes of [1, 7, 1000])
      t.equal(keptOf(text, { pieceBytes }).replace(/"~":"[0-9a-z]+"/, '"~":"…"'), kept || text)
  })
}

t.test('a name that is too long to be read is not', async t => {
  const long = `k:${'x'.repeat(511)}`
  t.notMatch(keptOf(`{"${long}":1,"name":"a"}`), long)
  t.match(keptOf(`{"${long.slice(1)}":1,"k:${'x'.repeat(510)}":1,"name":"a"}`), /k:x{510}":1,"name"/)
})

t.test('two objects that differ in what is not read differ', async t => {
  const of = (value: string) => keptOf(`{"name":"a","args":${value}}`)
  t.equal(of('["a"]'), of('["a"]'))
  t.not(of('["a"]'), of('["b"]'))
  t.not(of('"<"'), of('">"'))
})

t.test('of many control characters in one text the first are kept as they are', async t => {
  const kept = keptOf(`{"image":"${'\\u0001'.repeat(20)}","name":"\\u0002"}`)
  t.strictSame(JSON.parse(kept), { image: '\u0001'.repeat(16) + '\u007f'.repeat(4), name: '\u0002' })
})

t.test('past its limits it stops', async t => {
  const texts = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({ name: 'x'.repeat(100_000) })))
  t.equal(skim(texts(9)).fault, undefined)
  t.equal(skim(texts(11)).fault, 'too much of it would have to be looked at')
  t.equal(skim(JSON.stringify({ args: 'x'.repeat(2_000_000) })).fault, undefined)
  t.equal(skim('['.repeat(10_000)).fault, undefined)
  t.equal(skim('{"spec":'.repeat(10_001)).fault, 'it is nested more than 10000 levels deep')
  t.equal(skim(`{"args":${'['.repeat(20_000)}`).fault, undefined)
})

t.test('every recorded review is read as if it were whole', async t => {
  const golden = join(import.meta.dirname, '../golden')
  const files = globSync('*/review.json', { cwd: golden })
  t.ok(files.length > 100)
  for (const file of files) {
    const whole = JSON.stringify(JSON.parse(readFileSync(join(golden, file), 'utf8')))
    for (const stage of ['mutate', 'validate'] as const) {
      t.strictSame(decode(keptOf(whole), stage, [ROLLOUT]), decode(whole, stage, [ROLLOUT]), `${file}, ${stage}`)
    }
  }
})

t.test('any object is read as if it were whole', async t => {
  const names = [...namesRead([ROLLOUT])].filter(name => !name.includes('\\'))
  const name = fc.oneof(
    fc.constantFrom(...names),
    fc.constantFrom('args', 'env', '~', 'k:{"name":"a"}', '__proto__', 'ä"<'),
  )
  const text = fc.oneof(
    fc.constantFrom('nginx', 'Deployment', '<', '\u0001', '\\"', 'ä😀'),
    fc.string({ unit: 'binary' }),
  )
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 6 }),
    ),
  }))
  const kinds = ['Pod', 'Deployment', 'Rollout', 'Secret', 'Namespace', 'ConfigMap']
  const groups: Record<string, string> = { Deployment: 'apps', Rollout: 'argoproj.io' }
  const request = fc.record({
    uid: fc.constant('u-1'),
    kind: fc.constantFrom(...kinds).map(kind => ({ group: groups[kind] ?? '', version: 'v1', kind })),
    operation: fc.constantFrom('CREATE', 'UPDATE'),
    object: fc.record({
      metadata: value,
      spec: fc.record({ template: value, containers: value }),
      // An API server sends no other.
      data: fc.dictionary(name, text),
      type: fc.constant('kubernetes.io/dockercfg'),
    }),
    oldObject: value,
    userInfo: fc.record({ username: text, groups: fc.array(text), extra: value }),
  })
  const property = fc.property(request, fc.integer({ min: 1, max: 50 }), (request, pieceBytes) => {
    const whole = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
    const escaped = whole.replaceAll('<', '\\u003c')
    t.strictSame(decode(keptOf(escaped, { pieceBytes }), 'validate', [ROLLOUT]), decode(whole, 'validate', [ROLLOUT]))
  })
  fc.assert(property, { numRuns: 500 })
})

t.test('a text that is left out may hold quotes and backslashes', async t => {
  const body = String.raw`{"request": {"extra": "a \\\" } b \\", "uid": "u"}}`
  for (const pieceBytes of [1, 5, 100]) t.match(JSON.parse(keptOf(body, { pieceBytes })), { request: { uid: 'u' } })
})
