import fc from 'fast-check'
import t from 'tap'
import { readWarnings } from '../../src/kube/api-error.ts'

for (const [name, headers, texts] of [
  ['none', [], []],
  ['one', ['299 - "a warning"'], ['a warning']],
  ['several headers', ['299 - "a"', '299 - "b"'], ['a', 'b']],
  [
    'several in one',
    ['299 - "a, b", 299 kube-apiserver "c" "Sat, 28 Nov 2026 12:00:00 GMT",299 - "d"'],
    ['a, b', 'c', 'd'],
  ],
  [
    'quotes and backslashes',
    [String.raw`299 - "Secret \"a\\b\" is not there"`],
    [String.raw`Secret "a\b" is not there`],
  ],
  ['letters beyond ASCII', [Buffer.from('299 - "für … 雪"').toString('latin1')], ['für … 雪']],
  ['what is none', ['', 'a warning', '299 - a', '299 - "no end', '29 - "a"'], []],
  ['none behind what is none', ['299 - "a", x, 299 - "b"'], ['a']],
] as const) {
  t.test(name, async t => t.strictSame(readWarnings(headers), texts))
}

t.test('any text comes through, and nothing hangs or throws', async t => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), texts => {
      const written = texts.map(text => `299 - "${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(', ')
      return JSON.stringify(readWarnings([Buffer.from(written).toString('latin1')])) === JSON.stringify(texts)
    }),
  )
  fc.assert(fc.property(fc.string(), text => Array.isArray(readWarnings([text]))))
  const began = performance.now()
  readWarnings([`299 - "${'\\'.repeat(100_000)}`, `${' '.repeat(100_000)}x`, `299 ${'x'.repeat(100_000)}`])
  t.ok(performance.now() - began < 2000)
})
