import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { type JsonSource, Pager } from '../../src/kube/pager.ts'
import { Transport } from '../../src/kube/transport.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { FakeApiServer } from './fake-api-server.ts'

const signal = new AbortController().signal

async function listAll(pages: Pager): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const page of pages.list('/api/v1/secrets', { fieldSelector: 'type=x' }, { signal }))
    items.push(...page.items)
  return items
}

/** A source that holds so many objects of so many bytes each, and counts what it is asked for. */
function sourceOf(count: number, bytes: number) {
  const asked: number[] = []
  const source: JsonSource = {
    async getJson(_, query, { maxBytes = 16 * 1024 * 1024, onBytes }) {
      const limit = Number(query['limit'])
      const start = Number(query['continue'] ?? 0)
      const end = Math.min(count, start + limit)
      asked.push(limit)
      if ((end - start) * bytes > maxBytes) throw new ApiError('tooLarge')
      onBytes?.((end - start) * bytes)
      const items = Array.from({ length: end - start }, (_, index) => start + index)
      return { metadata: { resourceVersion: '7', ...(end < count && { continue: String(end) }) }, items }
    },
  }
  return { source, asked }
}

t.test('pages are asked for until there are no more', async t => {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const transport = new Transport({ kubeConfig: server.kubeConfig(), userAgent: 'regcred', clock })
  t.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  const all = listAll(new Pager(transport, clock))
  const first = await server.next()
  t.strictSame(first.query, { fieldSelector: 'type=x', limit: '64' })
  first.list([{ metadata: { name: 'a' } }], '7', 'token-1')
  const second = await server.next()
  t.strictSame(second.query, { fieldSelector: 'type=x', continue: 'token-1', limit: '500' })
  second.list([{ metadata: { name: 'b' } }], '7')
  t.strictSame(await all, [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }])
})

t.test('large objects are read in small portions, and small ones many at a time', async t => {
  const small = sourceOf(1600, 1000)
  t.equal((await listAll(new Pager(small.source, new FakeClock()))).length, 1600)
  t.strictSame(small.asked, [64, 500, 500, 500, 500], 'of what is not known yet not too much')

  const middling = sourceOf(400, 10_000)
  await listAll(new Pager(middling.source, new FakeClock()))
  t.strictSame(middling.asked, [64, 104, 104, 104, 104], 'a megabyte of them')

  const large = sourceOf(40, 1024 * 1024)
  const pages = new Pager(large.source, new FakeClock())
  t.equal((await listAll(pages)).length, 40)
  t.strictSame(large.asked, [64, 16, 4, ...Array(40).fill(1)])
  large.asked.length = 0
  await listAll(pages)
  t.strictSame(large.asked, Array(40).fill(1), 'the next list knows')

  const smaller = sourceOf(1600, 1000)
  let source = large.source
  const changing = new Pager({ getJson: (...asked) => source.getJson(...asked) }, new FakeClock())
  await listAll(changing)
  source = smaller.source
  await listAll(changing)
  t.strictSame(smaller.asked, [1, 8, 64, 500, 500, 500, 500], 'and finds out when they are smaller')
})

t.test('one object alone is read however large it is, as long as the transport can', async t => {
  const { source } = sourceOf(2, 5 * 1024 * 1024)
  t.strictSame(await listAll(new Pager(source, new FakeClock())), [0, 1])
  const beyond = sourceOf(2, 17 * 1024 * 1024)
  await t.rejects(listAll(new Pager(beyond.source, new FakeClock())), { code: 'tooLarge' })
})

t.test('what is not a list', async t => {
  for (const body of [null, [], 5, {}, { items: [] }, { metadata: { resourceVersion: '1' }, items: {} }]) {
    const source: JsonSource = { getJson: async () => body }
    await t.rejects(listAll(new Pager(source, new FakeClock())), { code: 'garbage' }, JSON.stringify(body))
  }
  const empty: JsonSource = { getJson: async () => ({ metadata: { resourceVersion: '1', continue: '' }, items: null }) }
  t.strictSame(await listAll(new Pager(empty, new FakeClock())), [])
})

t.test('a page that does not come is given up after a minute', async t => {
  const clock = new FakeClock()
  const source: JsonSource = {
    getJson: (_, __, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new ApiError('stopped')))),
  }
  const rejected = t.rejects(listAll(new Pager(source, clock)), { code: 'silent' })
  clock.advance(await clock.sleepOf(60_000, 60_000))
  await rejected
})

t.test('any other error is passed on', async t => {
  const source: JsonSource = { getJson: () => Promise.reject(new ApiError('refused', { status: 410 })) }
  await t.rejects(listAll(new Pager(source, new FakeClock())), new ApiError('refused', { status: 410 }))
})
