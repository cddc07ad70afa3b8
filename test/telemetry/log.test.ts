import { Writable } from 'node:stream'
import t from 'tap'
import { logFailure, logReview, openLog } from '../../src/telemetry/log.ts'
import { finding, outcome } from './outcome.ts'

/** A log at a level, and the lines that it wrote. */
function logAt(level: 'debug' | 'info') {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { ...openLog(level, stream), lines }
}

t.test('a review that found or changed something is a line; every one is at debug', async t => {
  const info = logAt('info')
  logReview(info.log, outcome(), 0.001)
  logReview(info.log, outcome({ findings: [finding] }), 0.0015)
  logReview(info.log, outcome({ about: 'unreadable' }), 0.001)
  info.close()
  t.match(info.lines, [{ uid: 'u-1', object: 'Pod web', ms: 1.5, msg: 'review' }, { outcome: 'unreadable' }])
  const debug = logAt('debug')
  const dry = outcome()
  logReview(debug.log, { ...dry, review: { ...dry.review, dryRun: true } }, 0.001)
  t.match(debug.lines, [{ outcome: 'allowed', dryRun: true }])
})

t.test('of a bug the frames are kept and the message is not', async t => {
  const { log, lines } = logAt('info')
  logFailure(log, 'mutate', 'NOT_JSON', new Error('the body is not JSON'), undefined)
  logFailure(log, 'mutate', 'INTERNAL', new Error('wrapped', { cause: new TypeError('hunter2') }), 'u-1')
  logFailure(log, 'mutate', 'INTERNAL', new RangeError('hunter2'), undefined)
  t.match(lines[0], { code: 'NOT_JSON', msg: 'the body is not JSON' })
  t.match(lines[1], { uid: 'u-1', error: 'TypeError', at: [/^at /] })
  t.match(lines[2], { error: 'RangeError' })
  t.notMatch(JSON.stringify(lines), /hunter2/)
})
