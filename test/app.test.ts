import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import t from 'tap'
import { App, type Cluster } from '../src/app.ts'
import { ManifestView } from '../src/manifests/view.ts'
import { defaultSettings } from '../src/policy/settings.ts'
import { openLog } from '../src/telemetry/log.ts'
import { Metrics } from '../src/telemetry/metrics.ts'
import { issueCertificate } from '../src/tls/issue.ts'
import { createAuthority } from './tls/pki.ts'

t.test('ready once the view has been in step, and until the end begins', async t => {
  let synced = false
  let stalenessSeconds = 1.4
  const view = new ManifestView([])
  const cluster: Cluster = {
    view,
    live: view,
    resources: () => [{ name: 'secrets', synced, objects: 3, bytes: 900, partialNamespaces: 0, stalenessSeconds }],
  }
  const { cert, key } = await issueCertificate(['localhost'])
  const app = new App({
    cluster,
    metrics: new Metrics(),
    settings: defaultSettings,
    pair: { cert, key },
    log: openLog('silent').log,
    version: '0.0.0',
  })
  const ready = async () => {
    const { statusCode, body } = await app.server.inject('/readyz?verbose')
    return { statusCode, lines: body.split('\n') }
  }
  t.match(await ready(), {
    statusCode: 503,
    lines: ['[-]cache not synced yet', '[-]cache/secrets 3 objects, last event 1 s ago'],
  })
  synced = true
  t.match(await ready(), { statusCode: 200, lines: ['[+]cache synced'] })
  stalenessSeconds = 180.2
  t.match(
    await ready(),
    { statusCode: 200, lines: ['[+]cache synced', '[-]cache/secrets 3 objects, last event 180 s ago'] },
    'a view that falls behind is shown and takes no replica out',
  )
  synced = false
  t.match(await ready(), { statusCode: 200, lines: ['[+]cache synced', /^\[-\]cache\/secrets/] })
  app.drain()
  t.match(await ready(), {
    statusCode: 503,
    lines: [/cache/, /secrets/, '[+]certificate ok', /certificate\/source/, '[-]shutdown shutting down'],
  })
  await app.close()
})

t.test('a new pair and new client authorities hold from the next connection on; open ones go on', async t => {
  const view = new ManifestView([])
  const [first, second] = [await issueCertificate(['localhost']), await issueCertificate(['localhost'])]
  const clients = await createAuthority('clients')
  const jane = await clients.issueClient('jane')
  const lifetime = 3_600_000
  const third = await issueCertificate(['localhost'], { now: 0, lifetime })
  const metrics = new Metrics()
  let healthy = true
  const app = new App({
    cluster: { view, live: view, resources: () => [] },
    metrics,
    settings: defaultSettings,
    pair: first,
    clientCa: first.ca,
    pairSource: () => ({ ok: healthy, detail: 'the source' }),
    log: openLog('silent').log,
    version: '0.0.0',
  })
  const { port } = new URL(await app.server.listen({ host: '127.0.0.1', port: 0 }))
  const open = async (ca: string): Promise<TLSSocket> => {
    const client = { cert: jane.certificate, key: jane.key }
    const socket = connect({ port: Number(port), host: '127.0.0.1', servername: 'localhost', ca, ...client })
    t.teardown(() => socket.destroy())
    await once(socket, 'secureConnect')
    return socket
  }
  const ask = async (socket: TLSSocket, path: string, method = 'GET') => {
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`)
    const [answer] = await once(socket, 'data')
    return String(answer)
  }
  const old = await open(first.ca)
  t.match(await ask(old, '/readyz?verbose'), /200 OK[\s\S]*\[\+\]certificate ok\n\[\+\]certificate\/source the source/)
  t.match(await ask(old, '/validate', 'POST'), /401 /, 'a client that nobody knows')
  app.usePair(second)
  t.match(await ask(old, '/livez'), /200 OK/)
  await t.rejects(open(first.ca))
  t.match(await ask(await open(second.ca), '/validate', 'POST'), /401 /)
  app.useClientCa(clients.certificate)
  t.match(await ask(await open(second.ca), '/validate', 'POST'), /400 /, 'known now, and sends nothing')
  healthy = false
  t.match(await ask(old, '/readyz?verbose'), /200 OK[\s\S]*\[-\]certificate\/source the source/, 'no reason to leave')
  t.match(await metrics.registry.metrics(), /^regcred_certificate_source_ok 0$/m)
  app.usePair(third)
  t.match(await ask(old, '/readyz'), /503 [\s\S]*\[-\]certificate failed/)
  t.match(await metrics.registry.metrics(), /^regcred_certificate_not_after_seconds 3600$/m)
  await app.close()
})
