import t from 'tap'
import { connect } from '../../src/cluster/connect.ts'
import type { Exchange, FakeObject } from '../kube/fake-api-server.ts'
import { FakeApiServer } from '../kube/fake-api-server.ts'
import { FakeClock } from '../runtime/fake-clock.ts'

const never = new AbortController().signal

/** Answers like an API server that holds these lists, by path and type, and takes the watches. */
async function serve(
  server: FakeApiServer,
  lists: Readonly<Record<string, readonly FakeObject[]>>,
): Promise<Exchange[]> {
  const watches: Exchange[] = []
  while (watches.length < 4) {
    const exchange = await server.next()
    if (exchange.isWatch) {
      exchange.raw()
      watches.push(exchange)
    } else {
      exchange.list(lists[`${exchange.path} ${exchange.query['fieldSelector'] ?? ''}`.trim()] ?? [], '10')
    }
  }
  return watches
}

const cluster = {
  '/api/v1/secrets type=kubernetes.io/dockerconfigjson': [
    {
      metadata: { name: 'acme', namespace: 'team-a' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': btoa(JSON.stringify({ auths: { 'registry.example.com': { auth: btoa('a:b') } } })) },
    },
  ],
  '/api/v1/secrets type=kubernetes.io/dockercfg': [
    {
      metadata: { name: 'old', namespace: 'team-a' },
      type: 'kubernetes.io/dockercfg',
      data: { '.dockercfg': btoa('{}') },
    },
  ],
  '/api/v1/serviceaccounts': [
    { metadata: { name: 'default', namespace: 'team-a' }, imagePullSecrets: [{ name: 'acme' }] },
  ],
  '/api/v1/namespaces': [{ metadata: { name: 'team-a', labels: { 'regcred.dev/mode': 'enforce' } } }],
}

t.test('a view of a cluster', async t => {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const connection = connect({ kubeConfig: server.kubeConfig(), clock, random: () => 0.5, userAgent: 'regcred/1.2.3' })
  t.teardown(async () => {
    await connection.stop()
    await server.stop()
  })
  const { view, live } = connection

  t.equal(server.connections, 0, 'nothing is sent before it is started')
  t.equal(await connection.whenSynced(AbortSignal.abort()), false)
  const impatient = new AbortController()
  const gaveUp = connection.whenSynced(impatient.signal)
  impatient.abort()
  t.equal(await gaveUp, false)
  t.strictSame(view.secret('team-a', 'acme'), { state: 'unknown' })
  t.equal(connection.status().synced, false)

  connection.start()
  const synced = connection.whenSynced(never)
  const watches = await serve(server, cluster)
  t.equal(await synced, true)
  t.equal(watches[0]?.headers['user-agent'], 'regcred/1.2.3')
  t.strictSame(watches.map(({ path, query }) => [path, query['fieldSelector']]).sort(), [
    ['/api/v1/namespaces', undefined],
    ['/api/v1/secrets', 'type=kubernetes.io/dockercfg'],
    ['/api/v1/secrets', 'type=kubernetes.io/dockerconfigjson'],
    ['/api/v1/serviceaccounts', undefined],
  ])

  t.match(view.secret('team-a', 'acme'), { state: 'value', value: { kind: 'pullSecret' } })
  t.match(view.secret('team-a', 'old'), { state: 'value', value: { kind: 'pullSecret', entries: [] } })
  t.strictSame(view.secret('team-a', 'none'), { state: 'absent' })
  t.match(view.credentials('team-a', { registry: 'registry.example.com', path: 'web' }), [{ secret: { name: 'acme' } }])
  t.match(view.serviceAccount('team-a', 'default'), { value: { references: ['acme'] } })
  t.match(view.namespace('team-a'), { value: { mode: 'enforce' } })

  t.ok(view.isSettled('team-a'))
  clock.advance(2000)
  t.match(connection.status(), {
    synced: true,
    resources: ['secrets.dockerconfigjson', 'secrets.dockercfg', 'serviceaccounts', 'namespaces'].map(name => ({
      name,
      synced: true,
      stalenessSeconds: 2,
      skipped: 0,
      objects: 1,
      bytes: Number,
      partialNamespaces: 0,
    })),
  })

  t.test('an event ends the sharing of what was read before it', async t => {
    const shared = { timeout: 500, shared: true }
    const readAbsent = async () => {
      const read = live.readNamespace('team-b', shared)
      const exchange = await server.next()
      exchange.object(undefined)
      return await read
    }
    t.strictSame(await readAbsent(), { state: 'absent' })
    t.strictSame(await live.readNamespace('team-b', shared), { state: 'absent' })
    const watch = watches.find(({ path }) => path === '/api/v1/namespaces')
    watch?.event('ADDED', { metadata: { name: 'team-b', resourceVersion: '11' } })
    while (view.namespace('team-b').state !== 'value') await new Promise(setImmediate)
    t.strictSame(await readAbsent(), { state: 'absent' })
  })
})

t.test('one kind that may not be listed keeps the view out of step, and the others are known', async t => {
  const server = await FakeApiServer.start()
  const told: string[] = []
  const tell = (_: object, message: string) => {
    told.push(message)
  }
  const clock = new FakeClock()
  const log = { info: tell, warn: tell, error: tell }
  const ended: string[] = []
  const observer = { ended: (kind: string, outcome: string) => ended.push(`${kind} ${outcome}`) }
  const connection = connect({ kubeConfig: server.kubeConfig(), clock, log, observer })
  t.teardown(async () => {
    await connection.stop()
    await server.stop()
  })
  connection.start()
  const isAccounts = ({ path }: Exchange) => path === '/api/v1/serviceaccounts'
  const forbidden = await server.next(isAccounts)
  forbidden.status(403, 'Forbidden')
  for (let lists = 0; lists < 3; lists += 1) {
    const exchange = await server.next(({ isWatch }) => !isWatch)
    exchange.list([], '10')
  }
  for (let watches = 0; watches < 3; watches += 1) await server.next(({ isWatch }) => isWatch)
  const { synced, resources } = connection.status()
  t.equal(synced, false)
  t.strictSame(
    resources.filter(resource => !resource.synced).map(({ name }) => name),
    ['serviceaccounts'],
  )
  t.strictSame(connection.view.serviceAccount('team-a', 'default'), { state: 'unknown' })
  t.strictSame(connection.view.namespace('team-a'), { state: 'absent' })
  t.match(
    told.filter(message => message.includes('403')),
    [/^The watch of serviceaccounts was interrupted/],
  )
  const read = connection.live.readServiceAccount('team-a', 'default', { timeout: 500, shared: false })
  for (const isGet of [true, false]) {
    const exchange = await server.next(({ path }) => path.startsWith('/api/v1/namespaces/'))
    t.equal(exchange.isGet, isGet)
    exchange.status(403, 'Forbidden')
  }
  t.strictSame(await read, { state: 'unknown' })
  t.strictSame(ended, ['serviceAccount failed'])
})

t.test('a miss stands until something changes among the pull secrets of its namespace', async t => {
  const server = await FakeApiServer.start()
  const connection = connect({ kubeConfig: server.kubeConfig(), clock: new FakeClock() })
  t.teardown(async () => {
    await connection.stop()
    await server.stop()
  })
  connection.start()
  const watches = await serve(server, cluster)
  const { view, live } = connection
  const options = { timeout: 500, shared: false }
  live.noteMisses('team-a', ['registry.example.com/web'])
  t.equal(await live.lookForMatch('team-a', ['registry.example.com/web'], options), undefined)
  const watch = watches.find(({ query }) => query['fieldSelector'] === 'type=kubernetes.io/dockercfg')
  watch?.event('ADDED', { metadata: { name: 'new', namespace: 'team-a' }, type: 'kubernetes.io/dockercfg' })
  while (view.secret('team-a', 'new').state !== 'value') await new Promise(setImmediate)
  const again = live.lookForMatch('team-a', ['registry.example.com/web'], options)
  for (let lists = 0; lists < 2; lists += 1) (await server.next()).list([], '12')
  t.strictSame(await again, { state: 'value', value: [] })
})

t.test('by itself it uses the clock of the machine, tells nobody, and stops whether it was started or not', async t => {
  const server = await FakeApiServer.start()
  t.teardown(() => server.stop())
  const kubeConfig = server.kubeConfig()
  await connect({ kubeConfig }).stop()
  const connection = connect({ kubeConfig })
  connection.start()
  const watches = await serve(server, {})
  t.equal(await connection.whenSynced(never), true)
  t.equal(watches[0]?.headers['user-agent'], 'regcred')
  const read = connection.live.readNamespace('team-a', { timeout: 30_000, shared: false })
  const exchange = await server.next()
  exchange.object(undefined)
  t.strictSame(await read, { state: 'absent' })
  await connection.stop()
  await Promise.all(watches.map(({ closed }) => closed))
  t.strictSame(await connection.live.readNamespace('team-b', { timeout: 30_000, shared: false }), { state: 'unknown' })
})

t.test(
  'with names alone nothing but the metadata of Secrets is ever asked for, by lists, watches and live reads',
  async t => {
    const server = await FakeApiServer.start()
    const connection = connect({ kubeConfig: server.kubeConfig(), clock: new FakeClock(), secrets: 'names' })
    t.teardown(async () => {
      await connection.stop()
      await server.stop()
    })
    const asked: Exchange[] = []
    const next = async () => {
      const exchange = await server.next()
      asked.push(exchange)
      return exchange
    }
    connection.start()
    const metadata = { name: 'acme', namespace: 'team-a', resourceVersion: '5' }
    for (let answered = 0; answered < 8; answered += 1) {
      const exchange = await next()
      if (exchange.isWatch) exchange.raw()
      else exchange.list(/dockercfg$/.test(exchange.query['fieldSelector'] ?? '') ? [{ metadata }] : [], '10')
    }
    t.equal(await connection.whenSynced(never), true)
    const { view, live } = connection
    t.strictSame(view.secret('team-a', 'acme'), { state: 'value', value: { kind: 'unread', name: 'acme' } })
    t.strictSame([...view.secretNames('team-a')], ['acme'])
    t.strictSame(view.credentials('team-a', { registry: 'registry.example.com', path: 'web' }), [])
    const watch = asked.find(({ isWatch, query }) => isWatch && /dockerconfigjson$/.test(query['fieldSelector'] ?? ''))
    watch?.event('ADDED', {
      kind: 'PartialObjectMetadata',
      metadata: { ...metadata, name: 'new', resourceVersion: '11' },
    })
    while (view.secret('team-a', 'new').state !== 'value') await new Promise(setImmediate)

    const read = live.readSecret('team-a', 'gone', { timeout: 500, shared: false })
    const first = await next()
    first.object(undefined)
    t.strictSame(await read, { state: 'absent' })
    const all = live.lookForMatch('team-a', ['x'], { timeout: 500, shared: false })
    for (let lists = 0; lists < 2; lists += 1) (await next()).list(lists === 0 ? [{ metadata }] : [], '12')
    t.strictSame(await all, { state: 'value', value: [{ kind: 'unread', name: 'acme' }] })

    const ofSecrets = asked.filter(({ path }) => /\/secrets(\/gone)?$/.test(path))
    t.equal(ofSecrets.length, 7)
    t.strictSame(
      ofSecrets.filter(({ isMetadataOnly }) => !isMetadataOnly),
      [],
    )
  },
)

t.test('one kind that may not be read any more falls behind, and the others do not', async t => {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const connection = connect({ kubeConfig: server.kubeConfig(), clock, random: () => 1 })
  t.teardown(async () => {
    await connection.stop()
    await server.stop()
  })
  connection.start()
  const watches = await serve(server, cluster)
  for (let minutes = 0; minutes < 4; minutes += 1) {
    clock.advance(60_000)
    for (const watch of watches) {
      const isAccounts = watch.path === '/api/v1/serviceaccounts'
      if (isAccounts && minutes === 0) watch.event('ERROR', { kind: 'Status', code: 403, reason: 'Forbidden' })
      if (!isAccounts) watch.bookmark(`${20 + minutes}`)
    }
    if (minutes === 0) clock.advance(await clock.sleepOf(1000, 1000))
    while (connection.status().resources.filter(({ stalenessSeconds }) => stalenessSeconds === 0).length < 3) {
      await new Promise(setImmediate)
    }
  }
  t.strictSame(
    connection
      .status()
      .resources.filter(({ stalenessSeconds }) => stalenessSeconds > 180)
      .map(({ name }) => name),
    ['serviceaccounts'],
  )
  t.ok(connection.view.isSettled('team-a'))
  t.match(connection.view.serviceAccount('team-a', 'default'), { state: 'value' }, 'what is held stays')
  clock.advance(61_000)
  t.notOk(connection.view.isSettled('team-a'), 'nothing was heard of Secrets either')
})

t.test('an API server that ends and comes back is followed from where it was, without a new list', async t => {
  const first = await FakeApiServer.start()
  const clock = new FakeClock()
  const told: string[] = []
  const tell = (_: object, message: string) => {
    told.push(message)
  }
  const log = { info: tell, warn: tell, error: tell }
  const connection = connect({ kubeConfig: first.kubeConfig(), clock, random: () => 1, log })
  t.teardown(() => connection.stop())
  connection.start()
  const watches = await serve(first, cluster)
  clock.advance(1000)
  for (const watch of watches) watch.bookmark('30')
  while (connection.status().resources.some(({ stalenessSeconds }) => stalenessSeconds > 0)) {
    await new Promise(setImmediate)
  }
  const { port } = first
  await first.stop()
  while (told.filter(message => message.includes('interrupted')).length < 4) {
    await new Promise(setImmediate)
    clock.advance(100)
  }
  t.match(connection.view.secret('team-a', 'acme'), { state: 'value' }, 'what is held stays')
  t.strictSame(
    await connection.live.readSecret('team-a', 'none', { timeout: 1e9, shared: false }),
    { state: 'unknown' },
    'and nothing is certain',
  )
  const second = await FakeApiServer.start(undefined, port)
  t.teardown(() => second.stop())
  const again: Exchange[] = []
  while (again.length < 4) {
    clock.advance(10_000)
    await new Promise(setImmediate)
    while (second.pending > 0) again.push(await second.next())
  }
  t.strictSame(
    new Set(again.map(({ isWatch, query }) => [isWatch, query['resourceVersion']].join())),
    new Set(['true,30']),
  )
  for (const watch of again) watch.bookmark('31')
  while (told.filter(message => message.endsWith('again.')).length < 4) await new Promise(setImmediate)
})

t.test('a namespace that takes too much memory is told of, and what is missing of it is unknown', async t => {
  const told: string[] = []
  const server = await FakeApiServer.start()
  const tell = (_: object, message: string) => told.push(message)
  const log = { info: () => undefined, warn: tell, error: tell }
  const connection = connect({ kubeConfig: server.kubeConfig(), clock: new FakeClock(), random: () => 0.5, log })
  t.teardown(async () => {
    await connection.stop()
    await server.stop()
  })
  connection.start()
  const references = Array.from({ length: 100_000 }, (_, i) => ({ name: `a-${i}` }))
  await serve(server, {
    ...cluster,
    '/api/v1/serviceaccounts': [{ metadata: { name: 'default', namespace: 'team-a' }, imagePullSecrets: references }],
    '/api/v1/namespaces': [
      { metadata: { name: 'team-a', annotations: { 'regcred.dev/pull-secrets': 'a,'.repeat(10_000) } } },
    ],
  })
  await connection.whenSynced(never)
  t.strictSame(connection.view.serviceAccount('team-a', 'default'), { state: 'unknown' })
  t.strictSame(connection.view.namespace('team-a'), { state: 'unknown' })
  t.strictSame(connection.view.namespace('team-b'), { state: 'absent' })
  t.strictSame(told.sort(), [
    'The cache does not hold all ServiceAccounts of namespace team-a: too much memory. What is missing is read when it matters.',
    'The cache does not hold all labels and annotations of namespace team-a: too much memory. What is missing is read when it matters.',
  ])
  t.strictSame(
    connection.status().resources.map(({ partialNamespaces }) => partialNamespaces),
    [0, 0, 1, 1],
  )
})
