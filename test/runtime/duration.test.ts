import t from 'tap'
import { parseDuration, writeSpan } from '../../src/runtime/duration.ts'

t.test('a duration is read as Go reads it', async t => {
  const cases = [
    { text: '0', milliseconds: 0 },
    { text: '0s', milliseconds: 0 },
    { text: '5s', milliseconds: 5000 },
    { text: '1m0s', milliseconds: 60_000 },
    { text: '1h2m3.5s', milliseconds: 3_723_500 },
    { text: '.5s', milliseconds: 500 },
    { text: '5.s', milliseconds: 5000 },
    { text: '250ms', milliseconds: 250 },
    { text: '1500us', milliseconds: 1.5 },
    { text: '1500µs', milliseconds: 1.5 },
    { text: '1500μs', milliseconds: 1.5 },
    { text: '2000000ns', milliseconds: 2 },
    { text: '', milliseconds: undefined },
    { text: '5', milliseconds: undefined },
    { text: '.s', milliseconds: undefined },
    { text: '5 s', milliseconds: undefined },
    { text: '-5s', milliseconds: undefined },
    { text: '5d', milliseconds: undefined },
    { text: '5S', milliseconds: undefined },
    { text: '5s5', milliseconds: undefined },
    { text: `${'1'.repeat(40)}s`, milliseconds: undefined },
  ]
  for (const { text, milliseconds } of cases) t.equal(parseDuration(text), milliseconds, text)
})

const spans = [
  [0, '0 seconds'],
  [999, '0 seconds'],
  [1000, '1 second'],
  [59_999, '59 seconds'],
  [60_000, '1 minute'],
  [14 * 60_000, '14 minutes'],
  [3_600_000, '1 hour'],
  [-7_200_000, '2 hours'],
  [86_400_000, '24 hours'],
  [172_799_999, '47 hours'],
  [172_800_000, '2 days'],
  [4 * 86_400_000 + 5, '4 days'],
] as const

for (const [milliseconds, words] of spans) {
  t.test(`${milliseconds} ms are ${words}`, async t => {
    t.equal(writeSpan(milliseconds), words)
  })
}
