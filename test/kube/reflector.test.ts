import t, { type Test } from 'tap'
import { ObjectStore } from '../../src/cluster/object-store.ts'
import { Pager } from '../../src/kube/pager.ts'
import { Reflector, type ReflectorOptions } from '../../src/kube/reflector.ts'
import { Transport } from '../../src/kube/transport.ts'
import { getString } from '../../src/kube/untyped.ts'
import { unlimited } from '../cluster/fill.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { type Exchange, FakeApiServer, type FakeObject } from './fake-api-server.ts'

interface Thing {
  readonly colour: string
}

/** The longest wait before another attempt, with the randomness of these tests. */
const LONGEST_WAIT = 10_000
const isList = (exchange: Exchange) => !exchange.isWatch
const isWatch = (exchange: Exchange) => exchange.isWatch

async function setUp(test: Test, change: Partial<ReflectorOptions<Thing>> = {}) {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const transport = new Transport({ kubeConfig: server.kubeConfig(), userAgent: 'regcred', clock })
  const told: string[] = []
  const tell = (level: string) => (fields: object, message: string) => {
    told.push(`${level}: ${message} ${JSON.stringify(fields)}`)
  }
  const log = { info: tell('info'), warn: tell('warn'), error: tell('error') }
  const changes: string[] = []
  const listener = {
    changed: (namespace: string, name: string) => changes.push(`${namespace}/${name}`),
    replaced: () => changes.push('all'),
  }
  const held = new ObjectStore<Thing>(listener, unlimited())
  const follow = new Reflector<Thing>({
    resource: {
      name: 'things',
      path: '/api/v1/things',
      fieldSelector: 'type=x',
      strip: object => ({ colour: getString(object, 'colour') ?? 'none' }),
    },
    store: held,
    source: transport,
    pager: new Pager(transport, clock),
    clock,
    random: () => 1,
    log,
    ...change,
  })
  test.teardown(async () => {
    await follow.stop()
    await transport.close()
    await server.stop()
  })
  /** Lets the loop come to its wait before another attempt, and ends the wait. */
  const skipWait = async () => {
    const left = await clock.sleepOf(0, LONGEST_WAIT)
    clock.advance(left)
    return left
  }
  /** Answers the first list, and takes the first watch. */
  const begin = async (...items: readonly FakeObject[]) => {
    follow.start()
    const list = await server.next(isList)
    list.list(items, '10')
    return await server.next(isWatch)
  }
  return { server, clock, follow, held, changes, told, skipWait, begin }
}

function thing(name: string, colour: string, resourceVersion = '1'): FakeObject {
  return { metadata: { name, namespace: 'ns', resourceVersion }, colour, password: 'hush' }
}

/** Waits until something is so that comes about by what is already on its way. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}

t.test('a list in pages, then a watch from there', async t => {
  const { server, follow, held, told } = await setUp(t)
  t.match(follow.status(), { name: 'things', synced: false, skipped: 0 })
  follow.start()
  const first = await server.next()
  t.strictSame(first.query, { fieldSelector: 'type=x', limit: '64' })
  first.list([thing('a', 'red')], '10', 'more')
  const second = await server.next()
  t.strictSame(held.get('ns', 'a'), { state: 'unknown' }, 'half a list says nothing')
  second.list([thing('b', 'blue')], '10')
  const watch = await server.next()
  t.strictSame(watch.query, {
    fieldSelector: 'type=x',
    resourceVersion: '10',
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: '360',
  })
  await follow.whenSynced()
  t.equal(follow.status().synced, true)
  t.strictSame(held.get('ns', 'a'), { state: 'value', value: { colour: 'red' } })
  t.strictSame(held.get('ns', 'b'), { state: 'value', value: { colour: 'blue' } })
  t.strictSame(held.get('ns', 'c'), { state: 'absent' })
  t.equal(held.size, 2)
  t.strictSame(told, ['info: The cache of things is synced. {"resource":"things"}'])
})

t.test('events change what is held', async t => {
  const { held, changes, begin } = await setUp(t)
  const watch = await begin(thing('a', 'red'), thing('b', 'blue'))
  watch.event('ADDED', thing('c', 'green'))
  watch.event('MODIFIED', thing('a', 'black'))
  watch.event('DELETED', thing('b', 'blue'))
  watch.bookmark('20')
  await until(() => changes.length === 4)
  t.strictSame(changes, ['all', 'ns/c', 'ns/a', 'ns/b'])
  t.strictSame(held.get('ns', 'a'), { state: 'value', value: { colour: 'black' } })
  t.strictSame(held.get('ns', 'b'), { state: 'absent' })
  t.strictSame([...held.names('ns')], ['a', 'c'])
})

t.test('a watch that has run its time is followed by another from the last bookmark, at once', async t => {
  const { server, clock, begin } = await setUp(t)
  const watch = await begin()
  clock.advance(300_000)
  watch.event('ADDED', thing('a', 'red', '19'))
  watch.bookmark('20')
  watch.end()
  const next = await server.next()
  t.equal(next.query['resourceVersion'], '20')
  next.event('ADDED', { metadata: { name: 'no-version' } })
  next.cut()
  clock.advance(await clock.sleepOf(0, LONGEST_WAIT))
  t.equal((await server.next()).query['resourceVersion'], '20', 'an event without a version changes nothing')
})

const interruptions = [
  { name: 'is cut', how: (watch: Exchange) => watch.cut() },
  { name: 'sends a line that is not JSON', how: (watch: Exchange) => watch.raw('<html>hush\n') },
  { name: 'sends a line that is no event', how: (watch: Exchange) => watch.raw('{"kind":"Secret","data":"hush"}\n') },
  {
    name: 'sends an error',
    how: (watch: Exchange) => watch.event('ERROR', { kind: 'Status', code: 500, reason: 'InternalError' }),
  },
  { name: 'ends too soon', how: (watch: Exchange) => watch.end() },
]

for (const { name, how } of interruptions) {
  t.test(`a watch that ${name} is followed by another after a moment, from the last event`, async t => {
    const { server, clock, begin, held, changes, told } = await setUp(t)
    const watch = await begin(thing('a', 'red'))
    watch.event('MODIFIED', thing('a', 'blue', '11'))
    await until(() => changes.length === 2)
    how(watch)
    const wait = await clock.sleepOf(0, LONGEST_WAIT)
    t.equal(wait, 500)
    t.strictSame(held.get('ns', 'a'), { state: 'value', value: { colour: 'blue' } }, 'what is held stays')
    clock.advance(wait)
    const next = await server.next()
    t.equal(next.isWatch, true)
    t.equal(next.query['resourceVersion'], '11')
    next.event('DELETED', thing('a', 'blue', '12'))
    await until(() => held.size === 0)
    t.notMatch(told.join(), /hush/)
    t.equal(told.filter(line => line.startsWith('warn')).length, name === 'ends too soon' ? 0 : 1)
    t.equal(told.filter(line => line.includes('again')).length, name === 'ends too soon' ? 0 : 1)
  })
}

t.test('410 leads to a new list, which takes the place of what was held', async t => {
  const { server, clock, begin, held, changes } = await setUp(t)
  const gone = { kind: 'Status', code: 410, reason: 'Expired' }
  const ways = [(watch: Exchange) => watch.event('ERROR', gone), (watch: Exchange) => watch.status(410, 'Gone')]
  let watch = await begin(thing('a', 'red'), thing('b', 'blue'))
  for (const way of ways) {
    way(watch)
    clock.advance(await clock.sleepOf(0, LONGEST_WAIT))
    const list = await server.next()
    t.equal(list.isWatch, false)
    t.strictSame([...held.names('ns')].sort(), ['a', 'b'], 'until it is complete')
    list.list([thing('b', 'black'), thing('a', 'red')], '30')
    watch = await server.next(isWatch)
    t.equal(watch.query['resourceVersion'], '30')
  }
  watch.status(410, 'Gone')
  clock.advance(await clock.sleepOf(0, LONGEST_WAIT))
  const list = await server.next()
  list.list([thing('b', 'black')], '40')
  await server.next(isWatch)
  t.strictSame(held.get('ns', 'a'), { state: 'absent' })
  t.equal(held.size, 1)
  t.equal(changes.filter(change => change === 'all').length, 4)
})

t.test('a storm of 410s: lists become rarer, even if each watch between them says something', async t => {
  for (const says of ['nothing', 'something']) {
    await t.test(says, async t => {
      const { server, follow, held, skipWait, changes } = await setUp(t)
      follow.start()
      const waits: number[] = []
      for (let storm = 1; storm <= 7; storm += 1) {
        const list = await server.next()
        t.equal(list.isWatch, false)
        list.list([thing('a', 'red')], `${storm}0`)
        const watch = await server.next()
        t.equal(watch.query['resourceVersion'], `${storm}0`)
        const before = changes.length
        if (says === 'something') watch.event('ADDED', thing('b', 'blue', `${storm}1`))
        if (says === 'something') await until(() => changes.length > before)
        watch.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' })
        watch.end()
        waits.push(await skipWait())
      }
      t.strictSame(waits, [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
      t.match(held.get('ns', 'a'), { state: 'value' }, 'and what is held stays')
      const calm = await server.next()
      calm.list([], '100')
      const watch = await server.next()
      watch.event('ADDED', thing('c', 'red', '101'))
      await until(() => held.size === 1)
      watch.cut()
      t.equal(await skipWait(), 500)
    })
  }
})

t.test('a watch that is told to stay away does', async t => {
  const { server, clock, begin } = await setUp(t)
  const watch = await begin()
  watch.status(429, 'TooManyRequests', { 'Retry-After': '45' })
  clock.advance(await clock.sleepOf(45_000, 45_000))
  const next = await server.next()
  t.equal(next.isWatch, true)
  t.equal(next.query['resourceVersion'], '10')
})

t.test('metadata alone: it is asked for, and anything else is not taken', async t => {
  const resource = { name: 'things', path: '/api/v1/things', metadataOnly: true, strip: () => ({ colour: 'unread' }) }
  const { server, held, follow, skipWait, told } = await setUp(t, { resource })
  follow.start()
  const odd = await server.next()
  t.equal(odd.headers.accept, 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1')
  odd.json({ kind: 'SecretList', metadata: { resourceVersion: '1' }, items: [thing('a', 'red')] })
  await skipWait()
  const list = await server.next()
  list.list([thing('a', 'red')], '10')
  const watch = await server.next()
  t.equal(watch.headers.accept, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')
  watch.event('ADDED', { kind: 'PartialObjectMetadata', ...thing('b', 'red', '11') })
  watch.event('BOOKMARK', { kind: 'PartialObjectMetadata', metadata: { resourceVersion: '12' } })
  watch.event('ADDED', { kind: 'Secret', ...thing('c', 'red', '13') })
  await skipWait()
  t.equal((await server.next()).query['resourceVersion'], '12')
  t.strictSame([...held.names('ns')], ['a', 'b'])
  t.equal(told.filter(line => line.includes('not metadata alone')).length, 2)
  t.notMatch(told.join(), /hush/)
})

t.test('a list that expires between two pages, or is cut within one, begins again', async t => {
  const { server, follow, held, skipWait } = await setUp(t)
  follow.start()
  for (const way of [(page: Exchange) => page.status(410, 'Expired'), (page: Exchange) => page.raw('{"items":[')]) {
    const first = await server.next()
    t.equal(first.query['continue'], undefined)
    first.list([thing('old', 'red')], '10', 'more')
    const second = await server.next()
    way(second)
    await new Promise(setImmediate)
    second.cut()
    await skipWait()
  }
  t.equal(follow.status().synced, false)
  const whole = await server.next()
  whole.list([thing('new', 'red')], '20')
  await server.next(isWatch)
  t.strictSame([...held.names('ns')], ['new'])
})

t.test('attempts become rarer while nothing is heard, and frequent again once something is', async t => {
  const { server, follow, skipWait, told } = await setUp(t)
  follow.start()
  const waits: number[] = []
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const list = await server.next()
    list.status(500, 'InternalError')
    waits.push(await skipWait())
  }
  t.strictSame(waits, [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000])
  t.equal(told.length, 1, 'an outage is told once')
  const list = await server.next()
  list.list([], '10')
  const watch = await server.next()
  watch.bookmark('11')
  await until(() => told.length === 3)
  t.match(told, [
    /warn: The watch of things was interrupted/,
    /info: The cache .* synced/,
    /info: The watch of things works again/,
  ])
  watch.cut()
  t.equal(await skipWait(), 500)
})

t.test('an API server that asks for time is given it', async t => {
  const { server, clock, follow } = await setUp(t)
  follow.start()
  const list = await server.next()
  list.status(429, 'TooManyRequests', { 'Retry-After': '90' })
  const left = await clock.sleepOf(90_000, 90_000)
  clock.advance(left)
  await server.next(isList)
})

t.test('a watch on which nothing was heard is not trusted with its place: a list follows', async t => {
  const { server, clock, begin } = await setUp(t)
  const watch = await begin()
  clock.advance(300_000)
  watch.end()
  clock.advance(await clock.sleepOf(0, LONGEST_WAIT))
  t.equal((await server.next()).isWatch, false)
})

t.test('silence: a watch that was heard of is cut after two and a half minutes without a byte', async t => {
  const { server, clock, follow, begin, told, skipWait } = await setUp(t)
  const watch = await begin()
  clock.advance(60_000)
  watch.bookmark('11')
  await until(() => follow.status().stalenessSeconds === 0)
  await new Promise(setImmediate)
  clock.advance(90_000)
  // A byte is enough, whether or not it ends a line.
  watch.raw('{')
  await until(() => follow.status().stalenessSeconds === 0)
  clock.advance(149_999)
  await new Promise(setImmediate)
  t.equal(follow.status().stalenessSeconds, 149.999)
  clock.advance(1)
  await watch.closed
  await skipWait()
  t.match(told.at(-1), /did not answer in time/)
  const next = await server.next()
  t.equal(next.isWatch, true)
  t.equal(next.query['resourceVersion'], '11')
})

t.test('silence: a watch that never said a word is given its time and half a minute', async t => {
  const { server, clock, begin, follow, skipWait } = await setUp(t)
  const watch = await begin()
  clock.advance(1000)
  watch.raw()
  await until(() => follow.status().stalenessSeconds === 0)
  for (const step of [150_000, 150_000, 89_999]) {
    clock.advance(step)
    await new Promise(setImmediate)
  }
  t.equal(follow.status().stalenessSeconds, 389.999)
  clock.advance(1)
  await watch.closed
  await skipWait()
  t.equal((await server.next()).query['resourceVersion'], '10')
})

t.test('everything is listed again after a time, if that is wanted', async t => {
  const { server, clock, begin } = await setUp(t, { relistAfter: 600_000 })
  let watch = await begin()
  for (const [elapsed, expected] of [
    [300_000, 'watch'],
    [300_000, 'watch'],
    [300_000, 'list'],
  ] as const) {
    watch.bookmark('20')
    await new Promise(setImmediate)
    clock.advance(elapsed)
    watch.end()
    const next = await server.next()
    t.equal(next.isWatch ? 'watch' : 'list', expected)
    watch = next
  }
})

t.test('objects that cannot be read are left out and counted, and the others are kept', async t => {
  const { held, follow, begin, told } = await setUp(t, {
    resource: {
      name: 'things',
      path: '/api/v1/things',
      strip: object => {
        if (getString(object, 'colour') === 'bad') throw new TypeError('over hush')
        return { colour: 'fine' }
      },
    },
  })
  const watch = await begin(thing('a', 'red'), { metadata: {} }, thing('b', 'bad'), { metadata: { name: 5 } })
  t.equal(watch.query['fieldSelector'], undefined)
  t.equal(follow.status().skipped, 3)
  t.strictSame([...held.names('ns')], ['a'])
  watch.event('MODIFIED', thing('a', 'bad'))
  watch.event('ADDED', 'odd')
  watch.event('DELETED', null)
  watch.event('ADDED', thing('c', 'red'))
  await until(() => held.names('ns')[Symbol.iterator]().next().value === 'c')
  t.equal(follow.status().skipped, 5)
  t.equal(held.size, 1, 'what is held of an object is dropped when it cannot be read any more')
  t.equal(told.filter(line => line.startsWith('error')).length, 2)
  t.notMatch(told.join(), /hush/)
})

t.test('an exception where objects are kept does not end the loop: all is listed again', async t => {
  let isBroken = true
  const changed = () => {
    if (isBroken) throw new TypeError('over hush')
  }
  const store = new ObjectStore<Thing>({ changed, replaced: () => undefined }, unlimited())
  const { server, begin, skipWait, told } = await setUp(t, { store })
  const watch = await begin()
  watch.event('ADDED', thing('a', 'red'))
  t.equal(await skipWait(), 1000)
  t.match(told.at(-1), /^error: The watch of things failed because of a bug and starts again/)
  t.notMatch(told.join(), /hush/)
  isBroken = false
  const list = await server.next()
  t.equal(list.isWatch, false)
  list.list([], '20')
  const next = await server.next()
  next.event('ADDED', thing('b', 'red'))
  await until(() => store.size === 1)
})

t.test('stopping ends it at once, wherever it is, and starting twice is starting once', async t => {
  for (const where of ['list', 'watch', 'wait']) {
    await t.test(where, async t => {
      const { server, clock, follow, told } = await setUp(t)
      follow.start()
      follow.start()
      const list = await server.next()
      if (where === 'watch') {
        list.list([], '10')
        await server.next()
      }
      if (where === 'wait') {
        list.status(500, 'InternalError')
        await clock.sleepOf(0, LONGEST_WAIT)
      }
      t.equal(server.pending, 0)
      const before = told.length
      await follow.stop()
      t.equal(told.length, before, 'which is nothing to tell anybody')
      t.equal(server.pending, 0)
    })
  }
})

t.test('stopped before it was started', async t => {
  const { server, follow } = await setUp(t)
  await follow.stop()
  follow.start()
  await follow.stop()
  t.equal(server.pending, 0)
})

t.test('staleness grows while nothing comes', async t => {
  const { clock, follow, begin } = await setUp(t)
  clock.advance(5000)
  t.equal(follow.status().stalenessSeconds, 5)
  const watch = await begin()
  t.equal(follow.status().stalenessSeconds, 0)
  clock.advance(2000)
  t.equal(follow.status().stalenessSeconds, 2)
  watch.raw('\n')
  await until(() => follow.status().stalenessSeconds === 0)
})
