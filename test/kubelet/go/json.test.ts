import t from 'tap'
import {
  foldName,
  isJson,
  kindOf,
  lengthOfString,
  listMembers,
  readString,
  surveyJson,
} from '../../../src/kubelet/go/json.ts'

t.test('JSON is what Go takes for JSON', async t => {
  for (const text of ['{}', ' null\n', '[[],{"a":[1,-0.5e+3,true]}]', '"\\ud800"', '"\xff"', '{"a":1,"a":2}']) {
    t.ok(isJson(text), text)
  }
  for (const text of [
    '',
    '{',
    '{}x',
    '{"a":1,}',
    '[01]',
    '[.5]',
    'nul',
    '"\t"',
    '"\\x"',
    '\xef\xbb\xbf{}',
    "{'a':1}",
  ]) {
    t.notOk(isJson(text), text)
  }
})

t.test('JSON is at most 10,000 levels deep, brackets in strings not counted', async t => {
  const nest = (depth: number) => `${'['.repeat(depth)}"[[["${']'.repeat(depth)}`
  t.ok(isJson(nest(10_000)))
  t.notOk(isJson(nest(10_001)))
  t.notOk(isJson(nest(2_000_000)))
})

t.test('members come in order, doubled ones too, each with the kind of its value', async t => {
  const data = '  { "a" : "x,}\\"" , "b":[1,{"c":2}],"b":{},"d":null ,"e":true,"f":false\n,"g":-1.5e3}  '
  const found = [...listMembers({ data, start: 0 })].map(({ name, value }) => [name, kindOf(value)])
  t.strictSame(found, [
    ['a', 'string'],
    ['b', 'array'],
    ['b', 'object'],
    ['d', 'null'],
    ['e', 'boolean'],
    ['f', 'boolean'],
    ['g', 'number'],
  ])
  t.strictSame([...listMembers({ data: '{ }', start: 0 })], [])
})

t.test('strings are read as Go reads them', async t => {
  const cases: [json: string, text: string][] = [
    ['""', ''],
    ['"\xc3\xa9\xf0\x9f\x98\x80"', 'é😀'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"a\\u00e9b"', 'aéb'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\ud83d"', '\ufffd'],
    ['"\\ud83d\\ud83d\\ude00"', '\ufffd😀'],
    ['"a\xffb"', 'a\ufffdb'],
    ['"\xe2\x82b"', '\ufffd\ufffdb'],
    ['"\xed\xa0\x80"', '\ufffd\ufffd\ufffd'],
    ['"\xff\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x90\x80\x80"', '\ufffdé€😀\ufffd\ufffd\ufffd\ufffd'],
    ['"\\n\xffx" : "\\n"', '\n\ufffdx'],
  ]
  for (const [json, text] of cases) t.equal(readString({ data: json, start: 0 }), text, JSON.stringify(json))
})

t.test('field names match without regard to case, as Go folds them', async t => {
  for (const name of ['auths', 'AUTHS', 'Auths', 'authſ']) t.equal(foldName(name), 'auths', name)
  for (const name of ['auth', 'aüths', 'auths ']) t.not(foldName(name), 'auths', name)
})

t.test('a first look tells how deep and how much it is, and does not go on beyond a limit', async t => {
  const cases: [text: string, depth: number, tokens: number][] = [
    ['null', 0, 0],
    ['{"a":[true,"b,:{[\\"\\\\",{}]}', 3, 65],
    [`[${' '.repeat(15)}1]`, 1, 21],
  ]
  for (const [text, depth, tokens] of cases) t.strictSame(surveyJson(text), { depth, tokens }, text)
  t.equal(surveyJson('[[[[[[', 50).tokens, 60)
})

t.test('the length of a string is that of its bytes, quotes and escapes included', async t => {
  const [first, second] = listMembers({ data: '{"a": "", "b":"x\\"y\\\\"}', start: 0 })
  t.equal(first && lengthOfString(first.value), 2)
  t.equal(second && lengthOfString(second.value), 8)
})
