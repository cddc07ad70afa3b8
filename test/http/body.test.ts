import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { type Body, readBody } from '../../src/http/body.ts'

/** What came of reading a stream, of at most five bytes. */
async function readFive(write: (stream: PassThrough) => void): Promise<{ told: number; error: unknown; body?: Body }> {
  const stream = new PassThrough()
  let told = 0
  let result: { error: unknown; body?: Body } = { error: undefined }
  const ticket = { add: () => true, complete: () => undefined }
  readBody(stream, { announced: undefined, maxBytes: 5, ticket }, (error, body) => {
    told += 1
    result = { error, ...(body && { body }) }
  })
  const closed = once(stream, 'close').catch(() => undefined)
  write(stream)
  stream.resume()
  await closed
  return { told, ...result }
}

t.test('a body is kept in few pieces, however it comes', async t => {
  const { told, error, body } = await readFive(stream => {
    stream.write('a')
    stream.write('b')
    stream.write('c')
    stream.end('de')
  })
  t.equal(told, 1)
  t.equal(error, null)
  t.strictSame(body?.pieces.map(String), ['a', 'bcde'])
  t.equal(body?.length, 5)
})

t.test('large pieces are kept as they come, and small ones between them in their order', async t => {
  const stream = new PassThrough()
  const sizes = [3, 20_000, 2, 2, 40_000, 15_000, 15_000, 15_000, 15_000, 15_000]
  const all = Buffer.concat(sizes.map((size, i) => Buffer.alloc(size, i + 1)))
  const done = new Promise<Body | undefined>(resolve => {
    const ticket = { add: () => true, complete: () => undefined }
    readBody(stream, { announced: all.length, maxBytes: 1_000_000, ticket }, (_, body) => resolve(body))
  })
  let at = 0
  for (const size of sizes) {
    stream.write(all.subarray(at, at + size))
    at += size
  }
  stream.end()
  const body = await done
  t.strictSame(
    body?.pieces.map(({ length }) => length),
    [3, 20_000, 4, 40_000, 60_000, 15_000],
  )
  t.ok(Buffer.concat(body?.pieces ?? []).equals(all))
})

t.test('crumbs are refused long before they are many', async t => {
  const stream = new PassThrough()
  let error: Error | null | undefined
  const ticket = { add: () => true, complete: () => undefined }
  readBody(stream, { announced: undefined, maxBytes: 1_000_000, ticket }, found => {
    error ??= found
  })
  for (let i = 0; i < 1100; i += 1) stream.write('x')
  await new Promise(setImmediate)
  t.match(error, { code: 'BAD_REQUEST' })
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

t.test('a body that may not be read on waits until it may', async t => {
  const stream = new PassThrough()
  const ticket = { add: () => false, complete: () => undefined }
  const done = new Promise<Body | undefined>(resolve => {
    readBody(stream, { announced: undefined, maxBytes: 5, ticket }, (_, body) => resolve(body))
  })
  stream.write('a')
  await new Promise(setImmediate)
  t.equal(stream.isPaused(), true)
  stream.end()
  stream.resume()
  t.equal((await done)?.length, 1)
})
