import fc from 'fast-check'
import t from 'tap'
import { oneLine } from '../../src/runtime/one-line.ts'

t.test('what breaks or forges a line is replaced', async t => {
  const cases = [
    { name: 'an ordinary text', text: 'Pod web: "ä" 漢字 😀 a  b', line: 'Pod web: "ä" 漢字 😀 a  b' },
    { name: 'line breaks and tabs', text: 'a\nb\r\nc\td\u2028e', line: 'a\ufffdb\ufffd\ufffdc\ufffdd\ufffde' },
    { name: 'a terminal sequence', text: '\u001b[31mred\u0085', line: '\ufffd[31mred\ufffd' },
    { name: 'a right-to-left override', text: 'a\u202eb\u2066c\u200bd', line: 'a\ufffdb\ufffdc\ufffdd' },
    { name: 'half a surrogate pair', text: 'a\ud83db', line: 'a\ufffdb' },
  ]
  for (const { name, text, line } of cases) t.equal(oneLine(text), line, name)
})

t.test('what is too long is cut, and ends with a sign that it was', async t => {
  t.equal(oneLine('abcde', 5), 'abcde')
  t.equal(oneLine('abcdef', 5), 'abcd…')
})

t.test('any text becomes one well-formed line of at most so many characters', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\n', '\u202e', '\ud83d', 'a') }),
  )
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (text, maxLength) => {
      const line = oneLine(text, maxLength)
      return line.length <= maxLength && line.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line)
    }),
  )
})
