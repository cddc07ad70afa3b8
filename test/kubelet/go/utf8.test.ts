import fc from 'fast-check'
import t from 'tap'
import { decodeUtf8, encodeUtf8 } from '../../../src/kubelet/go/utf8.ts'

t.test('bytes are decoded as Go decodes them: each that belongs to no character is one U+FFFD', async t => {
  const cases: [name: string, bytes: string, text: string][] = [
    ['nothing', '', ''],
    ['ASCII', 'az\0\x7f', 'az\0\x7f'],
    ['characters of two, three and four bytes', 'a\xc3\xa9b\xe2\x82\xacc\xf0\x9f\x98\x80d', 'aéb€c😀d'],
    ['the first and the last of each size', '\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf', '\u0080\u07ff\u0800\uffff'],
    ['the last of all', '\xf0\x90\x80\x80\xf4\x8f\xbf\xbf', '\u{10000}\u{10ffff}'],
    ['a byte order mark, which stays', '\xef\xbb\xbfa', '\ufeffa'],
    ['a byte that never stands in UTF-8', 'a\xffb\xf8\x88\x80\x80', 'a\ufffdb\ufffd\ufffd\ufffd\ufffd'],
    ['one that goes on with nothing', '\xbf\x80a', '\ufffd\ufffda'],
    ['one that nothing goes on with', '\xc3', '\ufffd'],
    ['a character that is cut off', '\xe2\x82b\xf0\x9f\x98', '\ufffd\ufffdb\ufffd\ufffd\ufffd'],
    ['one of more bytes than it needs', '\xc1\xbf\xe0\x9f\xbf\xf0\x8f\xbf\xbf', '\ufffd'.repeat(9)],
    ['half a surrogate pair', '\xed\xa0\x80', '\ufffd\ufffd\ufffd'],
    ['one beyond the last', '\xf4\x90\x80\x80', '\ufffd\ufffd\ufffd\ufffd'],
  ]
  for (const [name, bytes, text] of cases) t.equal(decodeUtf8(bytes), text, name)
})

t.test('text is encoded as the platform encodes it, and decoded to what it was', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), text => {
      const bytes = encodeUtf8(text)
      return bytes === Buffer.from(text).toString('latin1') && decodeUtf8(bytes) === text
    }),
  )
})

t.test('a long text is encoded', async t => {
  t.equal(encodeUtf8('é'.repeat(1e6)), '\xc3\xa9'.repeat(1e6))
})
