import t, { type Test } from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { ApiServerObjects } from '../../src/kube/objects.ts'
import { Transport } from '../../src/kube/transport.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { FakeApiServer } from './fake-api-server.ts'

const { signal } = new AbortController()
const PATH = '/api/v1/namespaces/a/secrets/b'
const TODAY = Date.parse('2026-06-01T00:00:00Z')
const SECRET = { metadata: { name: 'b', resourceVersion: '7' }, data: { a: 'aHVudGVyMg==' } }

async function setUp(test: Test) {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const transport = new Transport({ kubeConfig: server.kubeConfig(), userAgent: 'regcred/1.2.3', clock })
  test.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  return { server, clock, objects: new ApiServerObjects(transport, clock, () => TODAY) }
}

t.test('an object is read', async t => {
  const { server, objects } = await setUp(t)
  const got = objects.get(PATH, signal)
  const exchange = await server.next()
  t.match(exchange, { method: 'GET', path: PATH, query: {} })
  exchange.json(SECRET)
  t.strictSame(await got, SECRET)
})

t.test('how far our time of day is behind that of the API server is known from its answers', async t => {
  const { server, objects } = await setUp(t)
  t.equal(objects.clockSkew, 0)
  for (const [date, skew] of [
    ['Thu, 01 Jan 1970 02:00:00 GMT', 7_200_000 - TODAY],
    ['now', 7_200_000 - TODAY],
    [new Date(TODAY).toUTCString(), 0],
  ] as const) {
    const got = objects.get(PATH, signal)
    ;(await server.next()).json(SECRET, 200, { Date: date })
    await got
    t.equal(objects.clockSkew, skew, date)
  }
})

t.test('an object is put in the place of the version that was read', async t => {
  const { server, objects } = await setUp(t)
  const put = objects.replace(PATH, SECRET, signal)
  const exchange = await server.next()
  t.match(exchange, { method: 'PUT', path: PATH, query: {} })
  t.match(exchange.headers, { 'content-type': 'application/json', authorization: 'Bearer our-token' })
  t.strictSame(await exchange.body, SECRET)
  exchange.json(SECRET)
  t.equal(await put, true)
})

t.test('a version that is not the last any more is in conflict', async t => {
  const { server, objects } = await setUp(t)
  const put = objects.replace(PATH, SECRET, signal)
  ;(await server.next()).status(409, 'Conflict')
  t.equal(await put, false)
})

t.test('one whose answer was lost is sent again, and is then in conflict with itself', async t => {
  const { server, objects } = await setUp(t)
  const put = objects.replace(PATH, SECRET, signal)
  const first = await server.next()
  await first.body
  first.cut()
  const second = await server.next()
  t.strictSame(await second.body, SECRET)
  second.status(409, 'Conflict')
  t.equal(await put, false)
})

/** A message of a Status. */
const said = (text: string) => ({ detail: text, text })

t.test('any other refusal is an error', async t => {
  const { server, objects } = await setUp(t)
  const put = objects.replace(PATH, SECRET, signal)
  ;(await server.next()).status(403, 'Forbidden')
  await t.rejects(put, new ApiError('refused', { status: 403, reason: 'Forbidden', ...said('because Forbidden') }))
  const got = objects.get(PATH, signal)
  ;(await server.next()).status(404, 'NotFound')
  await t.rejects(got, new ApiError('refused', { status: 404, reason: 'NotFound', ...said('because NotFound') }))
})

t.test('an API server that says nothing is not waited for', async t => {
  const { server, clock, objects } = await setUp(t)
  const got = objects.get(PATH, signal)
  await server.next()
  clock.advance(10_000)
  await t.rejects(got, new ApiError('silent'))
  const stopping = new AbortController()
  const stopped = objects.get(PATH, stopping.signal)
  await server.next()
  stopping.abort()
  await t.rejects(stopped, new ApiError('stopped'))
})
