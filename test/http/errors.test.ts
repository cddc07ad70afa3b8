import t from 'tap'
import { HttpError, toHttpError } from '../../src/http/errors.ts'
import { AcquireTimeoutError } from '../../src/runtime/semaphore.ts'

t.test('an error says its code and what to do, and where if that is known', async t => {
  t.match(new HttpError('NOT_JSON'), { statusCode: 400, message: 'the body is not JSON; send an AdmissionReview' })
  const detailed = new HttpError('NOT_JSON', 'at 1:2')
  t.strictSame(JSON.parse(JSON.stringify(detailed)), {
    code: 'NOT_JSON',
    message: 'the body is not JSON; send an AdmissionReview: at 1:2',
  })
})

t.test('what cannot be seen, or turns what is around it, is escaped in what the caller gets', async t => {
  const { message } = new HttpError(
    'NOT_A_REVIEW',
    'request/\u001b]0;x\u0007\u009b2J\u202e/\u200bkind\nforged',
  ).toJSON()
  t.match(message, /: request\/\\u001b\]0;x\\u0007\\u009b2J\\u202e\/\\u200bkind\\u000aforged$/)
})

const thrown: readonly [name: string, error: unknown, code: string][] = [
  ['one of ours', new HttpError('OVERLOADED'), 'OVERLOADED'],
  ['no turn in time', new AcquireTimeoutError('hunter2'), 'OVERLOADED'],
  ['a body that is too large', Object.assign(new Error('hunter2'), { statusCode: 413 }), 'TOO_LARGE'],
  ['a body of another type', Object.assign(new Error('hunter2'), { statusCode: 415 }), 'UNSUPPORTED_MEDIA'],
  ['any other fault of the client', Object.assign(new Error('hunter2'), { statusCode: 431 }), 'BAD_REQUEST'],
  ['a fault of the server', Object.assign(new Error('hunter2'), { statusCode: 502 }), 'INTERNAL'],
  ['a bug', new TypeError('hunter2'), 'INTERNAL'],
  ['what is no error', 7, 'INTERNAL'],
  ['nothing', null, 'INTERNAL'],
]

t.test('whatever is thrown has a code, and tells nothing that the request may have said', async t => {
  for (const [name, error, code] of thrown) {
    const coded = toHttpError(error)
    t.equal(coded.code, code, name)
    t.notMatch(JSON.stringify(coded), /hunter2/)
  }
})
