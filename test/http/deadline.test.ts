import t from 'tap'
import { timeToAnswer } from '../../src/http/deadline.ts'

t.test('the time to answer is what the caller says, less what sending takes', async t => {
  const cases = [
    { timeout: '10s', milliseconds: 9750 },
    { timeout: '1s', milliseconds: 900 },
    { timeout: '500ms', milliseconds: 450 },
    { timeout: '1m0s', milliseconds: 29_750 },
    { timeout: '1h', milliseconds: 29_750 },
    { timeout: '1.5s', milliseconds: 1350 },
    { timeout: '2s500ms', milliseconds: 2250 },
    { timeout: '0s', milliseconds: 0 },
    { timeout: '1000us', milliseconds: 0.9 },
    { timeout: '1000000ns', milliseconds: 0.9 },
    { timeout: undefined, milliseconds: 9750 },
    { timeout: '', milliseconds: 9750 },
    { timeout: 'soon', milliseconds: 9750 },
    { timeout: '-5s', milliseconds: 9750 },
    { timeout: '5x', milliseconds: 9750 },
    { timeout: '5s5', milliseconds: 9750 },
    { timeout: ['1s', '2s'], milliseconds: 9750 },
    { timeout: '1'.repeat(100), milliseconds: 9750 },
  ]
  for (const { timeout, milliseconds } of cases) {
    t.equal(Math.round(timeToAnswer(timeout) * 1000) / 1000, milliseconds, String(timeout))
  }
})
