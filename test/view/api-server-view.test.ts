import t from 'tap'
import { connect } from '../../src/cluster/api-server-view.ts'
import type { Exchange, FakeObject } from './fake-api-server.ts'
import { FakeApiServer } from './fake-api-server.ts'
import { FakeClock } from './fake-clock.ts'

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
  t.equal(await connection.whenInStep(AbortSignal.abort()), false)
  const impatient = new AbortController()
  const gaveUp = connection.whenInStep(impatient.signal)
  impatient.abort()
  t.equal(await gaveUp, false)
  t.strictSame(view.secret('team-a', 'acme'), { state: 'unknown' })
  t.equal(connection.status().inStep, false)

  connection.start()
  const inStep = connection.whenInStep(never)
  const watches = await serve(server, cluster)
  t.equal(await inStep, true)
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

  clock.advance(2000)
  t.strictSame(connection.status(), {
    inStep: true,
    resources: ['secrets.dockerconfigjson', 'secrets.dockercfg', 'serviceaccounts', 'namespaces'].map(name => ({
      name,
      inStep: true,
      stalenessSeconds: 2,
      skipped: 0,
      objects: 1,
    })),
  })

  t.test('an event ends the sharing of what was read before it', async t => {
    const shared = { timeout: 500, shared: true }
    const readAbsent = async () => {
      const read = live.readNamespace('team-b', shared)
      const exchange = await server.next()
      exchange.list([], '10')
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
  const { inStep, resources } = connection.status()
  t.equal(inStep, false)
  t.strictSame(
    resources.filter(resource => !resource.inStep).map(({ name }) => name),
    ['serviceaccounts'],
  )
  t.strictSame(connection.view.serviceAccount('team-a', 'default'), { state: 'unknown' })
  t.strictSame(connection.view.namespace('team-a'), { state: 'absent' })
  t.match(
    told.filter(message => message.includes('403')),
    [/^Following serviceaccounts was interrupted/],
  )
  const read = connection.live.readServiceAccount('team-a', 'default', { timeout: 500, shared: false })
  const exchange = await server.next(({ path }) => path.startsWith('/api/v1/namespaces/'))
  exchange.status(403, 'Forbidden')
  t.strictSame(await read, { state: 'unknown' })
  t.strictSame(ended, ['serviceAccount failed'])
})

t.test('whoever wants to know hears of pull secrets, when the view already knows', async t => {
  const server = await FakeApiServer.start()
  const heard: string[] = []
  const connection = connect({
    kubeConfig: server.kubeConfig(),
    clock: new FakeClock(),
    secretListener: {
      changed: (namespace, name) => heard.push(`${name} ${connection.view.secret(namespace, name).state}`),
      replaced: () => heard.push('all'),
    },
  })
  t.teardown(async () => {
    await connection.stop()
    await server.stop()
  })
  connection.start()
  const watches = await serve(server, cluster)
  t.strictSame(heard, ['all', 'all'])
  const watch = watches.find(({ query }) => query['fieldSelector'] === 'type=kubernetes.io/dockercfg')
  watch?.event('ADDED', { metadata: { name: 'new', namespace: 'team-a' }, type: 'kubernetes.io/dockercfg' })
  watch?.event('DELETED', { metadata: { name: 'old', namespace: 'team-a' }, type: 'kubernetes.io/dockercfg' })
  while (heard.length < 4) await new Promise(setImmediate)
  t.strictSame(heard.slice(2), ['new value', 'old absent'])
})

t.test('by itself it uses the clock of the machine, tells nobody, and stops whether it was started or not', async t => {
  const server = await FakeApiServer.start()
  t.teardown(() => server.stop())
  const kubeConfig = server.kubeConfig()
  await connect({ kubeConfig }).stop()
  const connection = connect({ kubeConfig })
  connection.start()
  const watches = await serve(server, {})
  t.equal(await connection.whenInStep(never), true)
  t.equal(watches[0]?.headers['user-agent'], 'regcred')
  const read = connection.live.readNamespace('team-a', { timeout: 30_000, shared: false })
  const exchange = await server.next()
  exchange.list([], '1')
  t.strictSame(await read, { state: 'absent' })
  await connection.stop()
  await Promise.all(watches.map(({ closed }) => closed))
  t.strictSame(await connection.live.readNamespace('team-b', { timeout: 30_000, shared: false }), { state: 'unknown' })
})
