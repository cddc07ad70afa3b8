import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { cutVisible, visible, visibleJson, visibleLines, visibleStrings } from '../../src/runtime/visible.ts'
import { holdsInvisible, hostileText } from './hostile-text.ts'

t.test('what cannot be seen is written as an escape', async t => {
  const cases = [
    { name: 'an ordinary text', text: 'Pod web: "a" \\ b~', line: 'Pod web: "a" \\ b~' },
    { name: 'other scripts', text: 'Pod web: "ä" 漢字 😀 a  b', line: 'Pod web: "ä" 漢字 😀 a  b' },
    { name: 'line breaks and tabs', text: 'a\nb\r\nc\td', line: 'a\\u000ab\\u000d\\u000ac\\u0009d' },
    { name: 'separators of lines and paragraphs', text: 'a\u2028b\u2029c', line: 'a\\u2028b\\u2029c' },
    { name: 'a sequence of a terminal', text: '\u001b[31mred\u009b0m\u007f', line: '\\u001b[31mred\\u009b0m\\u007f' },
    {
      name: 'what turns the direction',
      text: 'a\u202eb\u2066c\u200ed\u061c',
      line: 'a\\u202eb\\u2066c\\u200ed\\u061c',
    },
    {
      name: 'what has no width',
      text: 'a\u200bb\u200dc\u2060d\ufeff\u3164',
      line: 'a\\u200bb\\u200dc\\u2060d\\ufeff\\u3164',
    },
    { name: 'the same of another plane', text: 'a\u{e0041}', line: 'a\\U000e0041' },
    { name: 'half a surrogate pair', text: 'a\ud83db\ude00', line: 'a\\ud83db\\ude00' },
  ]
  for (const { name, text, line } of cases) t.equal(visible(text), line, name)
})

t.test('what is too long is cut, and ends with a sign that it was', async t => {
  t.equal(cutVisible('abcde', 5), 'abcde')
  t.equal(cutVisible('abcdef', 5), 'abcd…')
  t.equal(cutVisible('\n\n', 10), '\\u000a\\u0…')
  t.equal(cutVisible('abc😀e', 5), 'abc…')
})

t.test('a text of several lines keeps them', async t => {
  t.equal(visibleLines('a\n  b\n'), 'a\n  b\n')
  t.equal(visibleLines('ä\n\tb\u202e\n'), 'ä\n\\u0009b\\u202e\n')
})

t.test('strings of a value are made visible, wherever they are', async t => {
  const error = new Error('\n')
  t.strictSame(visibleStrings({ 'a\n': ['b\r', 1, null, { c: '\u202e' }], d: true, error }), {
    'a\\u000a': ['b\\u000d', 1, null, { c: '\\u202e' }],
    d: true,
    error,
  })
})

t.test('any text becomes one line of at most so many characters, in which everything can be seen', async () => {
  fc.assert(
    fc.property(hostileText, fc.integer({ min: 1, max: 20 }), (text, maxLength) => {
      const line = cutVisible(text, maxLength)
      const whole = visible(text)
      return line.length <= maxLength && ![line, whole, visibleLines(text).replaceAll('\n', '')].some(holdsInvisible)
    }),
  )
})

t.test('what is visible stays as it is', async () => {
  fc.assert(fc.property(hostileText, text => visible(visible(text)) === visible(text)))
})

t.test('JSON says what it said, and a double-quoted YAML string as well', async () => {
  fc.assert(
    fc.property(fc.dictionary(hostileText, hostileText), value => {
      const json = visibleJson(value, 2)
      return !holdsInvisible(json.replaceAll('\n', '')) && JSON.stringify(JSON.parse(json)) === JSON.stringify(value)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\u202e', '\u{e0041}', 'a', 'ä', '\u0085') }), text => {
      return parse(visibleLines(JSON.stringify(text))) === text
    }),
  )
})
