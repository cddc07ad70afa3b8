import t from 'tap'
import { writeSpan } from '../../../src/scan/formats/span.ts'

for (const [milliseconds, text] of [
  [0, '1 minute'],
  [59_999, '1 minute'],
  [120_000, '2 minutes'],
  [3_600_000, '1 hour'],
  [86_399_999, '23 hours'],
  [14 * 86_400_000, '14 days'],
] as const) {
  t.test(`${milliseconds} ms are ${text}`, async t => {
    t.equal(writeSpan(milliseconds), text)
  })
}
