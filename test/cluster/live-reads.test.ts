import t, { type Test } from 'tap'
import { ApiServerReads } from '../../src/cluster/live-reads.ts'
import type { ReadKind, ReadOutcome } from '../../src/cluster/read-observer.ts'
import { type SecretExtent, secretForms } from '../../src/cluster/resources.ts'
import { Transport } from '../../src/kube/transport.ts'
import { type Exchange, FakeApiServer, type FakeObject } from '../kube/fake-api-server.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

const JSON_TYPE = 'kubernetes.io/dockerconfigjson'
const CFG_TYPE = 'kubernetes.io/dockercfg'
const person = { timeout: 500, shared: false }
const controller = { timeout: 500, shared: true }
const UNKNOWN = { state: 'unknown' }
const ABSENT = { state: 'absent' }

async function setUp(test: Test, extent: SecretExtent = 'contents') {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const transport = new Transport({ kubeConfig: server.kubeConfig(), userAgent: 'regcred', clock })
  const ended: `${ReadKind} ${ReadOutcome}`[] = []
  const told: string[] = []
  const tell = (fields: object, message: string) => {
    told.push(`${message} ${JSON.stringify(fields)}`)
  }
  const live = new ApiServerReads({
    source: transport,
    secretForm: secretForms[extent],
    clock,
    observer: { ended: (kind, outcome) => ended.push(`${kind} ${outcome}`) },
    log: { info: tell, warn: tell, error: tell },
  })
  test.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  const nextOf = (selector: string) => server.next(({ query }) => query['fieldSelector']?.startsWith(selector) ?? false)
  /** Takes the two lists with contents. */
  const bothTypes = async () => ({ json: await nextOf(`type=${JSON_TYPE}`), cfg: await nextOf(`type=${CFG_TYPE}`) })
  const nextGet = () => server.next(({ isGet }) => isGet)
  return { server, clock, live, ended, told, nextOf, nextGet, bothTypes }
}

function secret(name: string, type: string, resourceVersion: string): FakeObject {
  const config = { 'registry.example.com': { username: 'ann', password: 'opensesame' } }
  const data =
    type === JSON_TYPE
      ? { '.dockerconfigjson': btoa(JSON.stringify({ auths: config })) }
      : { '.dockercfg': btoa(JSON.stringify(config)) }
  return { metadata: { name, namespace: 'ns', resourceVersion }, type, data }
}

interface SecretCase {
  readonly name: string
  /** What the first list has, which knows the type. */
  readonly row?: FakeObject
  /** What the list of that type has afterwards; without it nobody asks. */
  readonly found?: FakeObject
  readonly asked?: typeof JSON_TYPE | typeof CFG_TYPE
  readonly expected: object
  readonly outcome: ReadOutcome
}

const row = (type: string): FakeObject => ({ metadata: { name: 'acme', resourceVersion: '5' }, type })

const secretCases: readonly SecretCase[] = [
  {
    name: 'a pull secret',
    row: row(JSON_TYPE),
    asked: JSON_TYPE,
    found: secret('acme', JSON_TYPE, '5'),
    expected: { state: 'value', value: { kind: 'pullSecret', name: 'acme', entries: [{ usable: true }] } },
    outcome: 'value',
  },
  {
    name: 'one of the older type',
    row: row(CFG_TYPE),
    asked: CFG_TYPE,
    found: secret('acme', CFG_TYPE, '5'),
    expected: { state: 'value', value: { kind: 'pullSecret' } },
    outcome: 'value',
  },
  {
    name: 'one that the kubelet fails on',
    row: row(JSON_TYPE),
    asked: JSON_TYPE,
    found: { metadata: { name: 'acme' }, type: JSON_TYPE, data: { '.dockerconfigjson': btoa('[') } },
    expected: { state: 'value', value: { kind: 'malformed' } },
    outcome: 'value',
  },
  {
    name: 'gone, or made again with another type, between the lists',
    row: row(JSON_TYPE),
    asked: JSON_TYPE,
    expected: UNKNOWN,
    outcome: 'disagreed',
  },
  { name: 'none', expected: ABSENT, outcome: 'absent' },
  {
    name: 'one of another type',
    row: row('Opaque'),
    expected: { state: 'value', value: { kind: 'wrongType', name: 'acme', type: 'Opaque' } },
    outcome: 'value',
  },
]

for (const { name, row, asked, found, expected, outcome } of secretCases) {
  t.test(`a Secret: ${name}`, async t => {
    const { server, live, ended, nextGet, nextOf } = await setUp(t)
    const read = live.readSecret('ns', 'acme', person)
    const first = await nextGet()
    t.equal(first.path, '/api/v1/namespaces/ns/secrets/acme')
    t.equal(first.headers.accept, 'application/json;as=Table;g=meta.k8s.io;v=v1')
    first.object(row)
    if (asked !== undefined) {
      const second = await nextOf(`type=${asked}`)
      t.equal(second.query['fieldSelector'], `type=${asked},metadata.name=acme`)
      second.list(found === undefined ? [] : [found], '11')
    }
    const known = await read
    t.match(known, expected)
    t.notMatch(JSON.stringify(known), /opensesame/)
    t.strictSame(ended, [`secret ${outcome}`])
    t.equal(server.pending, 0)
  })
}

t.test('names that nothing can have are absent without a read', async t => {
  const { server, live, ended } = await setUp(t)
  t.strictSame(await live.readSecret('ns', 'a,type!=b', person), ABSENT)
  t.strictSame(await live.readSecret('../x', 'a', person), ABSENT)
  t.strictSame(await live.lookForMatch('..', ['web'], person), ABSENT)
  t.strictSame(await live.readSecrets('..', person), ABSENT)
  t.strictSame(await live.readServiceAccount('ns', 'A', person), ABSENT)
  t.strictSame(await live.readServiceAccount('', 'a', person), ABSENT)
  t.strictSame(await live.readNamespace('a/b', person), ABSENT)
  t.equal(server.pending, 0)
  t.strictSame(ended, [])
})

t.test('all pull secrets of a namespace, page by page', async t => {
  const { live, bothTypes, nextOf, ended } = await setUp(t)
  const read = live.lookForMatch('ns', ['web'], person)
  const { json, cfg } = await bothTypes()
  t.equal(json.path, '/api/v1/namespaces/ns/secrets')
  t.equal(json.query['fieldSelector'], `type=${JSON_TYPE}`)
  json.list([secret('a', JSON_TYPE, '5'), { metadata: {} }], '10', 'more')
  cfg.list([secret('b', CFG_TYPE, '11'), secret('a', CFG_TYPE, '4')], '12')
  const more = await nextOf(`type=${JSON_TYPE}`)
  t.equal(more.query['continue'], 'more')
  more.list([secret('b', JSON_TYPE, '7'), secret('c', JSON_TYPE, '8')], '10')
  const known = await read
  t.equal(known?.state, 'value')
  const names = known?.state === 'value' ? known.value.map(({ name }) => name) : []
  t.strictSame(names.sort(), ['a', 'b', 'c'])
  t.strictSame(ended, ['pullSecrets value'])
})

t.test('all pull secrets of a namespace, one of them twice and no telling which is newer', async t => {
  const { live, bothTypes, ended } = await setUp(t)
  const read = live.lookForMatch('ns', ['web'], person)
  const { json, cfg } = await bothTypes()
  json.list([secret('a', JSON_TYPE, '5')], '10')
  // Once more, newer, on another page of one list: what it was meanwhile nobody knows.
  cfg.list([secret('a', CFG_TYPE, '5'), secret('a', CFG_TYPE, '9')], '10')
  t.strictSame(await read, UNKNOWN)
  t.strictSame(ended, ['pullSecrets disagreed'])
})

t.test('how large the objects of a namespace are is learnt for it, and for no other', async t => {
  const { live, bothTypes } = await setUp(t)
  const limitsOf = async (namespace: string, bytes: number) => {
    const read = live.lookForMatch(namespace, ['web'], person)
    const { json, cfg } = await bothTypes()
    json.list([{ ...secret('a', JSON_TYPE, '5'), padding: 'x'.repeat(bytes) }], '10')
    cfg.list([], '10')
    await read
    return [json.query['limit'], cfg.query['limit']]
  }
  t.strictSame(await limitsOf('large', 500_000), ['64', '64'])
  t.strictSame(await limitsOf('small', 10), ['64', '64'])
  t.strictSame(await limitsOf('large', 10), ['2', '64'])
  t.strictSame(await limitsOf('small', 10), ['500', '64'])
})

t.test('of a Secret with very many entries nothing is known, and others are found as ever', async t => {
  const { live, bothTypes, nextGet, nextOf, server } = await setUp(t)
  const auths = Object.fromEntries(Array.from({ length: 2501 }, (_, i) => [`r${i}.example.com`, {}]))
  const data = { '.dockerconfigjson': btoa(JSON.stringify({ auths })) }
  const large = { metadata: { name: 'large', resourceVersion: '5' }, type: JSON_TYPE, data }
  const answer = async (answers: number, names: readonly FakeObject[]) => {
    const { json, cfg } = await bothTypes()
    json.list(names, '10')
    cfg.list([], '10')
    if (answers > 2) {
      const all = await server.next()
      all.list([metadata('5')], '10')
    }
  }
  const alone = live.readSecret('ns', 'large', person)
  const first = await nextGet()
  first.object({ ...large, data: {} })
  const second = await nextOf(`type=${JSON_TYPE}`)
  second.list([large], '10')
  t.strictSame(await alone, UNKNOWN)
  const match = live.lookForMatch('ns', ['web'], person)
  await answer(2, [large, secret('acme', JSON_TYPE, '5')])
  t.match(await match, { state: 'value', value: [{ name: 'acme' }] })
  const all = live.readSecrets('ns', person)
  await answer(3, [large, secret('acme', JSON_TYPE, '5')])
  const known = await all
  t.strictSame(known.state === 'value' && known.value.get('large'), UNKNOWN)
  t.match(known.state === 'value' && known.value.get('acme'), { state: 'value' })
})

t.test('all Secrets of a namespace, of each what a read of it alone would tell', async t => {
  const { server, live, bothTypes, ended } = await setUp(t)
  const read = live.readSecrets('ns', person)
  const { json, cfg } = await bothTypes()
  const all = await server.next()
  t.equal(all.path, '/api/v1/namespaces/ns/secrets')
  t.equal(all.query['fieldSelector'], undefined)
  t.equal(all.headers.accept, 'application/json;as=Table;g=meta.k8s.io;v=v1')
  json.list([secret('a', JSON_TYPE, '5'), secret('twice', JSON_TYPE, '5')], '10')
  cfg.list([secret('b', CFG_TYPE, '6'), secret('twice', CFG_TYPE, '5')], '11')
  const named = (name: string, resourceVersion: string) => ({ metadata: { name, resourceVersion } })
  all.list([named('a', '5'), named('b', '6'), named('opaque', '10'), named('new', '11'), named('twice', '5')], '12')
  const known = await read
  t.match(known, { state: 'value', value: { pullSecrets: UNKNOWN } })
  const get = (name: string) => (known.state === 'value' ? known.value.get(name) : undefined)
  t.match(get('a'), { state: 'value', value: { kind: 'pullSecret', name: 'a' } })
  t.match(get('b'), { state: 'value', value: { kind: 'pullSecret', name: 'b' } })
  t.strictSame(get('opaque'), { state: 'value', value: { kind: 'wrongType', name: 'opaque', type: 'Opaque' } })
  t.strictSame(get('new'), UNKNOWN)
  t.strictSame(get('twice'), UNKNOWN)
  t.strictSame(get('gone'), ABSENT)
  t.strictSame(ended, ['secrets value'])
  t.equal(server.pending, 0)

  const again = live.readSecrets('ns', person)
  const lists = await bothTypes()
  lists.json.list([secret('a', JSON_TYPE, '5')], '10')
  lists.cfg.list([], '10')
  const rest = await server.next()
  rest.list([], '10')
  t.match(await again, { state: 'value', value: { pullSecrets: { state: 'value', value: [{ name: 'a' }] } } })
})

t.test('a ServiceAccount', async t => {
  const { server, live, ended } = await setUp(t)
  const answer = async (found?: FakeObject) => {
    const read = live.readServiceAccount('ns', 'builder', person)
    const exchange = await server.next()
    t.equal(exchange.path, '/api/v1/namespaces/ns/serviceaccounts/builder')
    exchange.object(found)
    return await read
  }
  t.match(await answer({ metadata: { name: 'builder' }, imagePullSecrets: [{ name: 'acme' }] }), {
    state: 'value',
    value: { references: ['acme'] },
  })
  t.strictSame(await answer(), ABSENT)
  t.strictSame(ended, ['serviceAccount value', 'serviceAccount absent'])
})

t.test('a Namespace', async t => {
  const { server, live, ended } = await setUp(t)
  const answer = async (found?: FakeObject) => {
    const read = live.readNamespace('team-a', person)
    const exchange = await server.next()
    t.equal(exchange.path, '/api/v1/namespaces/team-a')
    exchange.object(found)
    return await read
  }
  t.strictSame(await answer({ metadata: { name: 'team-a' } }), { state: 'value', value: { name: 'team-a' } })
  t.strictSame(await answer(), ABSENT)
  t.strictSame(ended, ['namespace value', 'namespace absent'])
})

const failures: readonly { readonly name: string; readonly how: (exchange: Exchange) => void }[] = [
  { name: 'refused', how: exchange => exchange.status(403, 'Forbidden') },
  { name: 'too busy', how: exchange => exchange.status(429, 'TooManyRequests', { 'Retry-After': '1' }) },
  { name: 'not a list', how: exchange => exchange.json({ kind: 'Secret' }) },
  {
    name: 'cut within the answer',
    how: exchange => {
      exchange.raw('{"items":[')
      setImmediate(() => exchange.cut())
    },
  },
]

for (const { name, how } of failures) {
  t.test(`a read that fails is unknown: ${name}`, async t => {
    const { live, nextGet, nextOf, ended, told } = await setUp(t)
    const read = live.readSecret('ns', 'acme', person)
    const first = await nextGet()
    first.object(row(CFG_TYPE))
    how(await nextOf(`type=${CFG_TYPE}`))
    t.strictSame(await read, UNKNOWN)
    t.strictSame(ended, ['secret failed'])
    t.strictSame(told, [])
  })
}

t.test('an API server that asks for time is not read from until it is over', async t => {
  const { server, clock, live, ended } = await setUp(t)
  const busy = live.readNamespace('ns', person)
  const refused = await server.next()
  refused.status(429, 'TooManyRequests', { 'Retry-After': '2' })
  t.strictSame(await busy, UNKNOWN)
  t.strictSame(await live.readNamespace('ns', person), UNKNOWN)
  t.strictSame(await live.readSecret('ns', 'acme', person), UNKNOWN)
  clock.advance(3000)
  const again = live.readNamespace('ns', person)
  const calm = await server.next()
  calm.object(undefined)
  t.strictSame(await again, ABSENT)
  t.strictSame(ended, ['namespace failed', 'namespace limited', 'secret limited', 'namespace absent'])
  t.equal(server.pending, 0)
})

t.test('a Deployment that crash-loops over a missing Secret costs one read a second', async t => {
  const { server, clock, live, nextGet, ended } = await setUp(t)
  const reads: Promise<unknown>[] = []
  for (let tenths = 0; tenths < 30; tenths += 1) {
    for (let pods = 0; pods < 50; pods += 1) reads.push(live.readSecret('ns', 'gone', controller))
    await new Promise(setImmediate)
    if (tenths % 11 === 0) {
      const first = await nextGet()
      first.object(undefined)
      await reads.at(-1)
    }
    clock.advance(100)
  }
  t.equal(server.pending, 0)
  t.strictSame(new Set((await Promise.all(reads)).map(known => JSON.stringify(known))), new Set(['{"state":"absent"}']))
  t.equal(ended.filter(outcome => outcome === 'secret absent').length, 3)
})

t.test('a burst of Pods in one namespace costs two reads of it, and each began after it was asked for', async t => {
  const { server, live, bothTypes, ended } = await setUp(t)
  const reads: Promise<unknown>[] = []
  for (let pods = 0; pods < 150; pods += 1) {
    reads.push(live.lookForMatch('ns', ['web'], person))
    await new Promise(setImmediate)
  }
  for (let read = 0; read < 2; read += 1) {
    const { json, cfg } = await bothTypes()
    json.list([], '10')
    cfg.list([], '10')
  }
  await Promise.all(reads)
  t.equal(server.pending, 0)
  t.strictSame([...Map.groupBy(ended, outcome => outcome)].map(([outcome, { length }]) => [outcome, length]).sort(), [
    ['pullSecrets shared', 148],
    ['pullSecrets value', 2],
  ])
})

t.test('a thousand Deployments that do cost no more than so many reads, and leave people theirs', async t => {
  const { clock, live, ended } = await setUp(t)
  const reads = Array.from({ length: 1000 }, (_, number) => live.readSecret(`ns-${number}`, 'gone', controller))
  const person = live.readSecret('ns', 'gone', { timeout: 600, shared: false })
  await new Promise(setImmediate)
  clock.advance(500)
  await Promise.all(reads)
  clock.advance(100)
  await person
  t.equal(ended.filter(outcome => outcome === 'secret limited').length, 976)
  t.equal(ended.filter(outcome => outcome === 'secret timeout').length, 25)
  t.equal(ended.at(-1), 'secret timeout', 'that of the person has been sent')
})

interface NamesCase {
  readonly name: string
  /** What the first list has, which knows no type; if it has something both lists by type are asked for. */
  readonly all?: FakeObject
  readonly json?: readonly [items: readonly FakeObject[], resourceVersion: string]
  readonly cfg?: readonly [items: readonly FakeObject[], resourceVersion: string]
  readonly expected: object
}

const metadata = (resourceVersion: string): FakeObject => ({ metadata: { name: 'acme', resourceVersion } })
const UNREAD = { state: 'value', value: { kind: 'unread', name: 'acme' } }
const NOTHING = [[], '10'] as const
const namesCases: readonly NamesCase[] = [
  { name: 'of the one type', all: metadata('5'), json: [[metadata('5')], '10'], expected: UNREAD },
  { name: 'of the other', all: metadata('5'), cfg: [[metadata('5')], '10'], expected: UNREAD },
  {
    name: 'made again with the other type',
    all: metadata('5'),
    json: [[metadata('5')], '10'],
    cfg: [[metadata('6')], '10'],
    expected: UNREAD,
  },
  {
    name: 'of both, and nobody can say which is newer',
    all: metadata('5'),
    json: [[metadata('x')], '10'],
    cfg: [[metadata('y')], '10'],
    expected: UNKNOWN,
  },
  { name: 'none', expected: ABSENT },
  {
    name: 'of another type, as old as the lists',
    all: metadata('10'),
    expected: { state: 'value', value: { kind: 'wrongType', name: 'acme' } },
  },
  { name: 'newer than one of the lists', all: metadata('11'), json: [[], '11'], expected: UNKNOWN },
  { name: 'without a version to compare', all: { metadata: { name: 'acme' } }, expected: UNKNOWN },
  { name: 'in lists without one', all: metadata('1'), json: [[], 'x'], cfg: [[], 'y'], expected: UNKNOWN },
]

for (const { name, all, json = NOTHING, cfg = NOTHING, expected } of namesCases) {
  t.test(`a Secret by its metadata alone: ${name}`, async t => {
    const { server, live, nextGet, bothTypes } = await setUp(t, 'names')
    const read = live.readSecret('ns', 'acme', person)
    const first = await nextGet()
    const asked = [first]
    first.object(all)
    if (all !== undefined) {
      const lists = await bothTypes()
      asked.push(lists.json, lists.cfg)
      lists.json.list(...json)
      lists.cfg.list(...cfg)
    }
    t.strictSame(await read, expected)
    t.ok(asked.every(exchange => exchange.isMetadataOnly))
    t.equal(server.pending, 0)
  })
}

t.test('whatever answers with more than metadata is not listened to', async t => {
  const { live, nextGet, bothTypes, ended } = await setUp(t, 'names')
  const read = live.readSecret('ns', 'acme', person)
  const first = await nextGet()
  first.object(metadata('5'))
  const { json, cfg } = await bothTypes()
  json.json({ kind: 'SecretList', metadata: { resourceVersion: '10' }, items: [secret('acme', JSON_TYPE, '5')] })
  cfg.list([], '10')
  t.strictSame(await read, UNKNOWN)
  t.strictSame(ended, ['secret failed'])
})

t.test('a read that takes too long is unknown, and is given up', async t => {
  const { clock, live, nextGet, nextOf, ended } = await setUp(t)
  const read = live.readSecret('ns', 'acme', person)
  const first = await nextGet()
  first.object(row(JSON_TYPE))
  const second = await nextOf(`type=${JSON_TYPE}`)
  clock.advance(await clock.sleepOf(500, 500))
  t.strictSame(await read, UNKNOWN)
  await second.closed
  t.strictSame(ended, ['secret timeout'])
})

t.test('a bug is told, without the object that it was met in, and is unknown to whoever asked', async t => {
  const clock = new FakeClock()
  const told: unknown[] = []
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object) => told.push(fields) }
  const live = new ApiServerReads({
    source: { getJson: () => Promise.reject(new TypeError('over hush')) },
    secretForm: secretForms.contents,
    clock,
    observer: { ended: () => undefined },
    log,
  })
  t.strictSame(await live.readNamespace('ns', person), UNKNOWN)
  t.match(told, [{ error: 'TypeError' }])
  t.notMatch(JSON.stringify(told), /hush/)
})

t.test('controllers share an answer until the store hears of a change', async t => {
  const { server, live, nextGet, ended } = await setUp(t)
  const answerAbsent = async () => {
    const first = await nextGet()
    first.object(undefined)
  }
  const { secrets, serviceAccounts, namespaces } = live.listeners
  const read = async () => await live.readSecret('ns', 'acme', controller)
  const first = read()
  await answerAbsent()
  await first
  t.strictSame(await read(), ABSENT)
  t.equal(server.pending, 0)

  secrets.changed('ns', 'other')
  t.strictSame(await read(), ABSENT)
  secrets.changed('ns', 'acme')
  const second = read()
  await answerAbsent()
  await second
  secrets.replaced()
  const third = read()
  await answerAbsent()
  await third
  t.strictSame(ended, ['secret absent', 'secret shared', 'secret shared', 'secret absent', 'secret absent'])

  const others = [
    {
      read: () => live.lookForMatch('ns', ['web'], controller),
      answers: 2,
      changes: [() => secrets.changed('ns', 'any'), secrets.replaced],
    },
    {
      read: () => live.readSecrets('ns', controller),
      answers: 3,
      changes: [() => secrets.changed('ns', 'any'), secrets.replaced],
    },
    {
      read: () => live.readServiceAccount('ns', 'default', controller),
      answers: 1,
      changes: [() => serviceAccounts.changed('ns', 'default'), serviceAccounts.replaced],
    },
    {
      read: () => live.readNamespace('ns', controller),
      answers: 1,
      changes: [() => namespaces.changed('', 'ns'), namespaces.replaced],
    },
  ]
  for (const { read, answers, changes } of others) {
    for (const change of [() => undefined, ...changes]) {
      change()
      const asked = read()
      for (let count = 0; count < answers; count += 1) {
        const exchange = await server.next()
        exchange.list([], '10')
      }
      await asked
      await read()
    }
  }
  t.equal(ended.filter(outcome => outcome.endsWith('shared')).length, 2 + 12)
  t.equal(server.pending, 0)
})
