import t from 'tap'
import { decodeBase64 } from '../../../src/kubelet/go/base64.ts'

t.test('base64 is decoded as Go decodes it', async t => {
  const cases: [name: string, text: string, decoded: string | undefined][] = [
    ['padded', 'dTpw', 'u:p'],
    ['padded with one', 'dXM6cA==', 'us:p'],
    ['padded with two', 'dXNlOnA=', 'use:p'],
    ['unpadded', 'dXM6cA', 'us:p'],
    ['with line breaks anywhere', '\nd\r\nXM6cA=\n=\n', 'us:p'],
    ['with bits left over in the last digit', 'dXM6cB==', 'us:p'],
    ['nothing', '', ''],
    ['nothing but line breaks', '\r\n', ''],
    ['half padded', 'dXM6cA=', undefined],
    ['padded too much', 'dTpw=', undefined],
    ['padding alone', '==', undefined],
    ['with a digit left over', 'dTpwd', undefined],
    ['of the URL alphabet', 'dT-_', undefined],
    ['with a space', 'dTpw ', undefined],
    ['with padding inside', 'dX==dTpw', undefined],
  ]
  for (const [name, text, decoded] of cases) t.equal(decodeBase64(text), decoded, name)
})
