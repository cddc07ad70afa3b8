import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { AskError } from '../../src/ask/ask-error.ts'
import { openAskedCluster } from '../../src/ask/cluster.ts'
import { RESOURCES } from '../../src/ask/resources.ts'
import { CommandError } from '../../src/runtime/command-error.ts'
import { type Held, secretOf, standFor, TOKEN, writeKubeconfig } from '../commands/ask/asked-cluster.ts'
import type { Exchange } from '../kube/fake-api-server.ts'

const SECRETS = '/api/v1/namespaces/default/secrets'

async function open(test: Test, held: Held, answer?: (exchange: Exchange) => boolean, requestTimeout = 10_000) {
  const stand = await standFor(test, held, answer)
  const stderr = new PassThrough()
  const cluster = openAskedCluster({ kubeconfig: stand.kubeconfig, requestTimeout }, { stderr })
  test.teardown(() => cluster.close())
  return { ...stand, cluster, stderr }
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of all) found.push(one)
  return found
}

t.test('an object is got by its name, or there is none', async t => {
  const { cluster, asked } = await open(t, { [SECRETS]: [secretOf('a', {})] })
  t.match(await cluster.find(RESOURCES.Secret, 'a'), { metadata: { name: 'a' } })
  t.equal(await cluster.find(RESOURCES.Secret, 'b'), undefined)
  t.strictSame(asked, [`${SECRETS}/a`, `${SECRETS}/b`])
  t.equal(await cluster.find(RESOURCES.Secret, '../b'), undefined, 'what no object can be called is not asked for')
  t.equal(asked.length, 2)
})

t.test('what is in all namespaces or in none is listed, and a refusal says of what', async t => {
  const { cluster, asked } = await open(t, {}, exchange => {
    if (exchange.path.endsWith('/deployments')) exchange.list([secretOf('a', {})], '1')
    else exchange.status(403, 'Forbidden')
    return true
  })
  t.match(await collect(cluster.listAll(RESOURCES.Deployment, { labelSelector: 'a' })), [{ metadata: { name: 'a' } }])
  await t.rejects(collect(cluster.listAll(RESOURCES.Pod)), {
    message: /^you may not list pods of the whole cluster \(403\); ask .*: kubectl auth can-i --list$/,
    isForbidden: true,
  })
  t.strictSame(asked, ['/apis/apps/v1/deployments', '/api/v1/pods'])
})

t.test('of a dry run there is the object, a refusal, or no answer', async t => {
  const answers: ((exchange: Exchange) => void)[] = [
    exchange => exchange.created({ kind: 'Pod' }, { Warning: '299 - "w"' }),
    exchange => exchange.status(403, 'Forbidden'),
    exchange => exchange.status(401, 'Unauthorized'),
    exchange => exchange.status(401, 'Unauthorized'),
  ]
  const { cluster } = await open(t, {}, exchange => {
    answers.shift()?.(exchange)
    return true
  })
  t.strictSame(await cluster.createDry(RESOURCES.Pod, {}), { object: { kind: 'Pod' }, warnings: ['w'] })
  t.match(await cluster.createDry(RESOURCES.Pod, {}), { refusal: /403, Forbidden, because Forbidden/ })
  await t.rejects(cluster.createDry(RESOURCES.Pod, {}), { constructor: AskError, message: /\(401\)/ })
})

t.test('lists are read page by page, by a selector, and of names nothing but metadata is received', async t => {
  const secrets = Array.from({ length: 700 }, (_, i) => secretOf(`s${i}`, {}, i % 2 ? { type: 'Opaque' } : {}))
  const { cluster, asked } = await open(t, { [SECRETS]: secrets })
  const found = await collect(cluster.list(RESOURCES.Secret, { fieldSelector: 'type=Opaque' }))
  t.equal(found.length, 350)
  t.ok(asked.length > 1, 'in pages')
  t.equal(asked[0], `${SECRETS} type=Opaque`)
  const names = await collect(cluster.listNames(RESOURCES.Secret))
  t.strictSame(
    names,
    secrets.map(({ metadata }) => metadata.name),
  )
})

t.test('an object without a name has none, and pull secrets are listed by their types', async t => {
  const { cluster, asked } = await open(t, {
    [SECRETS]: [{ metadata: {} }, secretOf('a', {}), secretOf('b', {}, { type: 'Opaque' })],
  })
  t.strictSame(await collect(cluster.listNames(RESOURCES.Secret)), ['', 'a', 'b'])
  t.match(await collect(cluster.listPullSecrets()), [{ metadata: { name: 'a' } }])
  const types = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']
  t.strictSame(
    asked.slice(1),
    types.map(type => `${SECRETS} type=${type}`),
  )
})

t.test('the namespace is that of the flag, of the context, or default', async t => {
  const { server, stderr } = await open(t, {})
  const kubeconfig = writeKubeconfig(t.testdir({}), server.port, 'team-a')
  const namespaceOf = (flags: object) =>
    openAskedCluster({ kubeconfig, context: 'x', requestTimeout: 1, ...flags }, { stderr }).namespace
  t.equal(namespaceOf({}), 'team-a')
  t.equal(namespaceOf({ namespace: 'team-b' }), 'team-b')
  t.throws(() => namespaceOf({ namespace: '../x' }), new CommandError('"../x" cannot be the name of a namespace'))
  t.throws(
    () => openAskedCluster({ kubeconfig: '/nowhere', requestTimeout: 1 }, { stderr }),
    new CommandError('The kubeconfig /nowhere cannot be read (ENOENT): pass one with --kubeconfig'),
  )
  stderr.end()
  t.match(await text(stderr), /^regcred: The cluster "c" is reached without TLS/)
})

t.test('what is not an answer is an error of one sentence, of a list too', async t => {
  const { cluster } = await open(t, {}, exchange => {
    exchange.status(403, 'Forbidden')
    return true
  })
  const get = cluster.find(RESOURCES.Secret, 'a')
  await t.rejects(get, { isForbidden: true, message: /^you may not get secrets in namespace "default" \(403\)/ })
  const list = collect(cluster.list(RESOURCES.Pod))
  await t.rejects(list, { isForbidden: true, message: /^you may not list pods in namespace/ })
})

t.test('a request has its time', async t => {
  const { cluster } = await open(t, {}, () => true, 20)
  const get = cluster.find(RESOURCES.Secret, 'a')
  await t.rejects(get, { isForbidden: false, message: /did not answer within 0.02 s; try again, or wait longer/ })
  await t.rejects(collect(cluster.listNames(RESOURCES.Pod)), { message: /did not answer within/ })
})

t.test('no token is in an error', async t => {
  for (const code of [401, 403, 404, 410, 429, 500]) {
    const { cluster } = await open(t, {}, exchange => {
      exchange.json({ kind: 'Status', code, reason: 'Odd', message: `Bearer ${TOKEN}` }, code)
      return true
    })
    const error = await cluster.find(RESOURCES.Secret, 'a').then(
      () => undefined,
      (error: unknown) => error,
    )
    t.type(error, AskError)
    t.notMatch(String(error), TOKEN)
  }
})
