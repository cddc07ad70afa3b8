import t, { type Test } from 'tap'
import { Finder } from '../../src/kube/finder.ts'
import { Transport } from '../../src/kube/transport.ts'
import { get } from '../../src/kube/untyped.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { type Exchange, FakeApiServer } from './fake-api-server.ts'

const SECRETS = '/api/v1/namespaces/team-a/secrets'
const signal = new AbortController().signal
const row = { metadata: { name: 'acme', resourceVersion: '5' }, type: 'Opaque', data: { a: 'b' } }

async function setUp(test: Test) {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const transport = new Transport({ kubeConfig: server.kubeConfig(), userAgent: 'regcred', clock })
  const told: object[] = []
  const log = { info: () => undefined, warn: (fields: object) => told.push(fields), error: () => undefined }
  const finder = new Finder({ source: transport, clock, log })
  test.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  const find = (as?: 'metadata' | 'secretTable', collection = SECRETS) =>
    finder.find(collection, 'acme', object => get(object, as === 'secretTable' ? 'type' : 'data'), { signal, as })
  return { server, clock, told, find }
}

t.test('an object is got by its path, with as much of it as is wanted', async t => {
  const { server, find } = await setUp(t)
  for (const [as, value] of [
    [undefined, { a: 'b' }],
    ['secretTable', 'Opaque'],
  ] as const) {
    const found = find(as)
    const exchange = await server.next()
    t.equal(exchange.path, `${SECRETS}/acme`)
    exchange.object(row)
    t.strictSame(await found, { name: 'acme', version: 5n, value })
  }
  const metadata = find('metadata')
  const exchange = await server.next()
  t.ok(exchange.isMetadataOnly)
  exchange.object({ metadata: row.metadata })
  t.strictSame(await metadata, { name: 'acme', version: 5n, value: undefined })
})

t.test('there is none where the API server says so itself', async t => {
  const { server, find } = await setUp(t)
  const found = find()
  const exchange = await server.next()
  exchange.object(undefined)
  t.equal(await found, undefined)
})

const useless: readonly { name: string; answer: (exchange: Exchange) => void; as?: 'metadata' | 'secretTable' }[] = [
  { name: 'a 404 of something before the API server', answer: exchange => exchange.json({ error: 'no route' }, 404) },
  { name: 'another object', answer: exchange => exchange.json({ metadata: { name: 'other' } }) },
  { name: 'an empty table', as: 'secretTable', answer: exchange => exchange.list([], '10') },
  { name: 'more than metadata', as: 'metadata', answer: exchange => exchange.json(row) },
  { name: 'no table', as: 'secretTable', answer: exchange => exchange.json(row) },
  { name: 'an error', answer: exchange => exchange.status(500, 'InternalError') },
]

for (const { name, answer, as } of useless) {
  t.test(`nothing is known after ${name}`, async t => {
    const { server, find } = await setUp(t)
    const failing = t.rejects(find(as), { name: 'ApiError' })
    answer(await server.next())
    await failing
  })
}

t.test('an API server that says nothing is given up', async t => {
  const { server, clock, find } = await setUp(t)
  const failing = t.rejects(find(), { code: 'silent' })
  await server.next()
  clock.advance(60_000)
  await failing
})

t.test('a role without get reads lists, says so once, and is tried again after a minute', async t => {
  const { server, clock, told, find } = await setUp(t)
  const answer = async (...exchanges: ((exchange: Exchange) => void)[]) => {
    const found = find()
    for (const exchange of exchanges) exchange(await server.next())
    return await found
  }
  const forbid = (exchange: Exchange) => exchange.status(403, 'Forbidden')
  const list = (exchange: Exchange) => {
    t.match(exchange, { path: SECRETS, query: { fieldSelector: 'metadata.name=acme' } })
    exchange.list([row], '10')
  }
  const value = { name: 'acme', version: 5n, value: { a: 'b' } }
  t.strictSame(await answer(forbid, list), value)
  t.strictSame(await answer(list), value)
  clock.advance(60_000)
  t.strictSame(await answer(forbid, list), value)
  t.strictSame(told, [{ resource: 'secrets' }])

  const other = find(undefined, '/api/v1/namespaces')
  const got = await server.next()
  t.equal(got.path, '/api/v1/namespaces/acme', 'other resources are got')
  got.object(row)
  await other
  clock.advance(60_000)
  t.strictSame(await answer(exchange => exchange.object(row)), value, 'the role was corrected')
})

t.test('a bug is no answer', async t => {
  const source = { getJson: () => Promise.reject(new TypeError('over hush')) }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const finder = new Finder({ source, clock: new FakeClock(), log })
  await t.rejects(
    finder.find(SECRETS, 'acme', () => 1, { signal }),
    TypeError,
  )
})
