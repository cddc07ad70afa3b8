import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Agent, request } from 'undici'
import { publish } from '../../../src/tls/ca-bundle.ts'
import { issueCertificate } from '../../../src/tls/issue.ts'
import { type Exchange, FakeApiServer } from '../../kube/fake-api-server.ts'
import { CONFIGURATIONS, FakeObjects, SECRET } from '../../tls/fake-objects.ts'
import { serve, spawnRegcred } from '../spawn.ts'

const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
const folder = t.testdir({ 'tls.crt': cert, 'tls.key': key })
const kubeconfig = join(folder, 'kubeconfig')

function writeKubeconfig(server: FakeApiServer, token: string): void {
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${server.port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'regcred-system' } }],
  }
  writeFileSync(kubeconfig, JSON.stringify(content))
}

const NAMESPACE = { metadata: { name: 'team-a' } }
const ACCOUNT = { metadata: { name: 'default', namespace: 'team-a' } }
const POD = {
  metadata: { name: 'web', namespace: 'team-a' },
  spec: {
    serviceAccountName: 'default',
    containers: [{ name: 'web', image: 'registry.example.com/web' }],
    imagePullSecrets: [{ name: 'acme' }],
  },
}

function review(): string {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const fields = { uid: 'u-1', kind, name: 'web', namespace: 'team-a', operation: 'CREATE', object: POD }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: fields })
}

const isList = ({ isWatch }: Exchange) => !isWatch
const isSecretWatch = ({ isWatch, query }: Exchange) => isWatch && /dockerconfigjson/.test(query['fieldSelector'] ?? '')

/** Answers every read, with nothing in it, to whoever has this token, and with 401 to others. */
async function answerReads(server: FakeApiServer, token: string): Promise<void> {
  for (;;) {
    const exchange = await server.next(isList)
    if (exchange.headers.authorization !== `Bearer ${token}`) exchange.status(401, 'Unauthorized')
    else if (exchange.isGet) exchange.object(undefined)
    else exchange.list([], '11')
  }
}

t.test('it follows a cluster, asks it live, and takes new credentials', async t => {
  const server = await FakeApiServer.start()
  t.teardown(() => server.stop())
  writeKubeconfig(server, 'first-token')
  const files = ['--tls-cert-file', join(folder, 'tls.crt'), '--tls-private-key-file', join(folder, 'tls.key')]
  const starting = serve(t, [...files, '--kubeconfig', kubeconfig, '--context', 'x'])
  const first = await server.next()
  t.match(first, { path: '/version', headers: { authorization: 'Bearer first-token', 'user-agent': /^regcred\/\d/ } })
  first.json({ gitVersion: 'v1.37.2' })
  const { child, address, metrics, log } = await starting
  const told = log.filter(({ msg }) => /The cluster "c" is reached without TLS/.test(String(msg)))
  t.match(told, [{ level: 40, server: `http://127.0.0.1:${server.port}` }], 'once')
  t.equal(told.length, 1)
  const dispatcher = new Agent({ connect: { ca } })
  const ask = async (path: string) => (await request(`${address}${path}`, { dispatcher })).statusCode
  const send = async () => {
    const headers = { 'content-type': 'application/json' }
    const sent = { dispatcher, method: 'POST', headers, body: review() } as const
    const { body } = await request(`${address}/validate?timeout=10s`, sent)
    const answer: unknown = await body.json()
    return answer
  }

  t.equal(await ask('/readyz'), 503, 'not ready before it is in step')
  const lists: Readonly<Record<string, object>> = {
    '/api/v1/namespaces': NAMESPACE,
    '/api/v1/serviceaccounts': ACCOUNT,
  }
  for (let i = 0; i < 4; i += 1) {
    const exchange = await server.next(isList)
    const item = lists[exchange.path]
    exchange.json({ kind: 'List', metadata: { resourceVersion: '10' }, items: item === undefined ? [] : [item] })
  }
  const watching = await server.next(isSecretWatch)
  watching.raw()
  t.equal(await ask('/readyz'), 200)

  // A name that the view does not hold is read live: here in vain, and again once the credentials have been replaced.
  writeFileSync(kubeconfig, 'hunter2: [')
  void answerReads(server, 'second-token')
  t.match(await send(), { response: { allowed: true, auditAnnotations: { unknown: 'secret/acme' } } })
  writeKubeconfig(server, 'second-token')
  const missing =
    'Pod web: Secret "acme" does not exist in namespace "team-a"; correct the name, or create it: kubectl create secret docker-registry acme --namespace team-a --from-file=.dockerconfigjson=FILE'
  // A person waits half a second for a read, which a busy machine may need for more than one of them.
  let answer = await send()
  while (JSON.stringify(answer).includes('unknown')) answer = await send()
  t.match(answer, { response: { allowed: true, warnings: [missing] } })

  const auths = { 'registry.example.com': { username: 'jane', password: 'hunter2' } }
  watching.event('ADDED', {
    metadata: { name: 'acme', namespace: 'team-a', resourceVersion: '12' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) },
  })
  let scrape = ''
  while (!scrape.includes('regcred_view_objects{resource="secrets.dockerconfigjson"} 1')) {
    scrape = await (await request(`${metrics}/metrics`)).body.text()
  }
  t.match(scrape, /regcred_live_reads_total\{read="secret",outcome="(failed|timeout)"\} \d/)
  t.match(scrape, /regcred_live_reads_total\{read="secret",outcome="absent"\} 1/)
  t.strictSame(await send(), {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: 'u-1', allowed: true },
  })

  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.close()
})

const SELF_MANAGED = [
  ...['--kubeconfig', kubeconfig, '--context', 'x', '--tls-self-managed-secret', 'regcred-tls'],
  ...['--tls-server-name', 'localhost', '--webhook-configuration', 'regcred', '--tls-self-managed-lifetime', '15s'],
]

/** Answers from these objects whatever asks for one of them, and takes what is put. */
async function play(server: FakeApiServer, objects: FakeObjects): Promise<void> {
  for (;;) {
    const exchange = await server.next(({ path }) => path === '/version' || objects.objects.has(path))
    if (exchange.method === 'PUT') objects.put(exchange.path, Object(await exchange.body))
    exchange.json(exchange.path === '/version' ? {} : objects.objects.get(exchange.path))
  }
}

t.test('it makes a certificate before it listens, and another while it does', async t => {
  const server = await FakeApiServer.start()
  t.teardown(() => server.stop())
  writeKubeconfig(server, 'token')
  const objects = new FakeObjects()
  void play(server, objects)
  const { child, address, metrics, line } = await serve(t, SELF_MANAGED)
  const [[published = ''] = []] = objects.bundles
  const connection = { ca: published, servername: 'localhost' }
  const dispatcher = new Agent({ connect: connection })
  const { body } = await request(`${address}/readyz?verbose`, { dispatcher })
  t.match(
    await body.text(),
    /\[\+\]certificate ok\n\[\+\]certificate\/source self-managed in Secret regcred-system\/regcred-tls/,
  )
  const notAfter = async () => {
    const scrape = await (await request(`${metrics}/metrics`)).body.text()
    return Number(/^regcred_certificate_not_after_seconds (\S+)$/m.exec(scrape)?.[1])
  }
  const before = await notAfter()
  await line('certificate accepted')
  t.ok((await notAfter()) > before)
  t.match(objects.bundles, [
    [published, /BEGIN/],
    [published, /BEGIN/],
    [published, /BEGIN/],
  ])
  const [path = ''] = CONFIGURATIONS
  objects.put(path, Object(publish(objects.objects.get(path), [ca])))
  await line('A CA has appeared that was not due. If nobody here put it there, somebody may try to answer for regcred.')
  const scrape = await (await request(`${metrics}/metrics`)).body.text()
  t.match(scrape, 'regcred_unexpected_authorities_total{place="webhooks"} 1')
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.close()
})

t.test('one that waits for its Secret ends at once when it is asked to', async t => {
  const server = await FakeApiServer.start()
  t.teardown(() => server.stop())
  writeKubeconfig(server, 'token')
  const child = spawnRegcred(['serve', ...SELF_MANAGED, '--shutdown-delay-duration', '1h'])
  t.teardown(() => void child.kill('SIGKILL'))
  ;(await server.next(({ path }) => path === '/version')).json({})
  ;(await server.next(({ path }) => path === SECRET)).status(404, 'NotFound')
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  t.strictSame(await ended, [0, null])
})
