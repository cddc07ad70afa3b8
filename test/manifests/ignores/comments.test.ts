import t from 'tap'
import { findIgnoreComments } from '../../../src/manifests/ignores/comments.ts'

const TEXT = `# regcred-ignore: A -- above the document
---
# Source: a.yaml

apiVersion: v1 # regcred-ignore: B -- behind
text: |
  # regcred-ignore: C -- in a block
flow: [a, "# regcred-ignore: D", # regcred-ignore: E
  b]
plain: a#regcred-ignore: F
  # regcred-ignore:G
  # regcred-ignore: H
  # another
key: value
# regcred-ignore: I -- at the end`

const told = (text: string) =>
  findIgnoreComments(text).map(({ line, column, text, target }) => `${line}:${column} -> ${target} ${text}`)

t.test('comments are found with their places and what they are about, and nothing in a string is one', async t => {
  const expected = [
    '1:1 -> 5 A -- above the document',
    '5:16 -> 5 B -- behind',
    '8:34 -> 8 E',
    '11:3 -> 14 G',
    '12:3 -> 14 H',
    '15:1 -> 0 I -- at the end',
  ]
  t.strictSame(told(TEXT), expected)
  t.strictSame(told(TEXT.replaceAll('\n', '\r\n')), expected)
})

t.test('what a text holds of the signs of the lexer moves no place', async t => {
  t.strictSame(told('a: \u001f\nb: [}\n\u0002: c\n\ufeffd: e # regcred-ignore: A'), ['4:7 -> 4 A'])
})

t.test('only so many comments are heeded, and so much of each', async t => {
  const many = findIgnoreComments('# regcred-ignore: A\n'.repeat(10_001))
  t.equal(many.length, 10_000)
  t.equal(findIgnoreComments(`# regcred-ignore: ${'A'.repeat(5000)}`)[0]?.text.length, 4095)
})

t.test('the time is linear in the text', async t => {
  const start = process.cpuUsage()
  findIgnoreComments(`# regcred-ignore: A\n#\n\n`.repeat(50_000))
  findIgnoreComments(`- {a: [b, "c"]} # regcred-ignore: A\n`.repeat(50_000))
  t.ok(process.cpuUsage(start).user < 10_000_000)
})
