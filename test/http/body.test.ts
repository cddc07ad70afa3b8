import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { type Body, readBody } from '../../src/http/body.ts'

/** What came of reading a stream, of at most five bytes. */
async function readFive(write: (stream: PassThrough) => void): Promise<{ told: number; error: unknown; body?: Body }> {
  const stream = new PassThrough()
  let told = 0
  let result: { error: unknown; body?: Body } = { error: undefined }
  readBody(stream, undefined, 5, (error, body) => {
    told += 1
    result = { error, ...(body && { body }) }
  })
  const closed = once(stream, 'close').catch(() => undefined)
  write(stream)
  stream.resume()
  await closed
  return { told, ...result }
}

t.test('a body is kept in the pieces in which it comes', async t => {
  const { told, error, body } = await readFive(stream => {
    stream.write('ab')
    stream.end('cde')
  })
  t.equal(told, 1)
  t.equal(error, null)
  t.strictSame(body?.pieces.map(String), ['ab', 'cde'])
  t.equal(body?.length, 5)
})

t.test('of a body that is too large no more is kept, however it goes on', async t => {
  const { told, error, body } = await readFive(stream => {
    stream.write('abc')
    stream.write('def')
    stream.end('ghi')
  })
  t.equal(told, 1)
  t.match(error, { code: 'TOO_LARGE', statusCode: 413 })
  t.equal(body, undefined)
})

t.test('a body that breaks off is a bad request', async t => {
  const { told, error } = await readFive(stream => {
    stream.write('abc')
    stream.destroy(new Error('aborted'))
  })
  t.equal(told, 1)
  t.match(error, { code: 'BAD_REQUEST', statusCode: 400, cause: { message: 'aborted' } })
})
