import t from 'tap'
import { ApiError, readFailure, readRetryAfter, readStatus, readTimeout } from '../../src/kube/api-error.ts'
import { TimeoutError } from '../../src/runtime/with-timeout.ts'

const never = new AbortController().signal
const now = Date.parse('2026-01-01T00:00:00Z')

t.test('the time to stay away, in milliseconds', async t => {
  const cases = [
    { name: 'seconds', header: '30', expected: 30_000 },
    { name: 'a date', header: 'Thu, 01 Jan 2026 00:01:00 GMT', expected: 60_000 },
    { name: 'a date that has passed', header: 'Wed, 31 Dec 2025 23:59:00 GMT', expected: 0 },
    { name: 'neither', header: 'soon', expected: undefined },
    { name: 'none', header: undefined, expected: undefined },
    { name: 'two headers', header: ['1', '2'], expected: undefined },
  ]
  for (const { name, header, expected } of cases)
    t.equal(
      readRetryAfter(header, () => now),
      expected,
      name,
    )
  t.equal(readRetryAfter('Thu, 01 Jan 1970 00:00:00 GMT'), 0)
})

t.test('the Status of an ERROR event', async t => {
  const error = readStatus({ kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (2)' })
  t.match(error, { code: 'refused', status: 410, reason: 'Expired', gone: true })
  t.equal(error.message, 'The API server answered with an error (410, Expired, too old resource version: 1 (2)).')
  t.match(readStatus({ kind: 'Status', code: '410' }), { status: undefined, gone: false })
  t.match(readStatus(null), { code: 'refused', status: undefined, message: 'The API server answered with an error.' })
})

t.test('long messages are cut, and are one line', async t => {
  const error = readStatus({ kind: 'Status', reason: 'A\nB', message: 'x'.repeat(1000) })
  t.equal(error.reason, 'A B')
  t.ok(error.message.length < 400)
})

t.test('what takes too long is silence, and nothing else is', async t => {
  t.match(readTimeout(new TimeoutError('10 s')), { code: 'silent' })
  const bug = new TypeError('any')
  t.equal(readTimeout(bug), bug)
})

t.test('what a failed request becomes', async t => {
  const stopped = AbortSignal.abort()
  const ours = new ApiError('garbage')
  t.equal(readFailure(ours, stopped), ours)
  t.equal(readFailure(new Error('any'), stopped).code, 'stopped')
  t.match(readFailure('odd', never), { code: 'unreachable', message: 'The API server cannot be reached.' })
  t.match(readFailure(Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' }), never), {
    code: 'unreachable',
    reason: 'EHOSTUNREACH',
    message: 'The API server cannot be reached (EHOSTUNREACH, no route).',
  })
  t.equal(readFailure(new Error('secret', { cause: 'secret' }), never).cause, undefined)
})
