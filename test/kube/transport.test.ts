import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { type Cluster, type KubeConfig, openKubeConfig } from '../../src/kube/kubeconfig/credentials.ts'
import { Transport, type TransportOptions } from '../../src/kube/transport.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { issueCertificate } from './certificate.ts'
import { type Exchange, FakeApiServer } from './fake-api-server.ts'

const signal = new AbortController().signal

async function setUp(test: Test, change: (server: FakeApiServer) => Partial<TransportOptions> = () => ({})) {
  const server = await FakeApiServer.start()
  const clock = new FakeClock()
  const transport = new Transport({
    kubeConfig: server.kubeConfig(),
    userAgent: 'regcred/1.2.3',
    clock,
    ...change(server),
  })
  test.teardown(async () => {
    await transport.close()
    await server.stop()
  })
  return { server, clock, transport }
}

async function errorOf(work: Promise<unknown>): Promise<ApiError> {
  const outcome = await work.catch((error: unknown) => error)
  if (outcome instanceof ApiError) return outcome
  throw new Error('expected an ApiError', { cause: outcome })
}

/** The client takes a connection back in the turn after it has handed out the end of the answer. */
async function connectionIsFree(): Promise<void> {
  await new Promise(setImmediate)
}

async function collect(lines: AsyncIterable<unknown>, into: unknown[] = []): Promise<unknown[]> {
  for await (const line of lines) into.push(line)
  return into
}

t.test('a request carries path, query, credentials, what it accepts and who we are', async t => {
  const { server, transport } = await setUp(t)
  const got = transport.getJson(
    '/api/v1/secrets',
    { fieldSelector: 'type=a/b,metadata.name=c', limit: '500' },
    { signal },
  )
  const exchange = await server.next()
  t.equal(exchange.path, '/api/v1/secrets')
  t.strictSame(exchange.query, { fieldSelector: 'type=a/b,metadata.name=c', limit: '500' })
  t.match(exchange.headers, {
    authorization: 'Bearer our-token',
    accept: 'application/json',
    'user-agent': 'regcred/1.2.3',
  })
  exchange.json({ answer: 42 })
  t.strictSame(await got, { answer: 42 })
})

t.test('what would become of an object is asked, and never anything else', async t => {
  const { server, transport } = await setUp(t)
  const answer = transport.createDry('/api/v1/namespaces/a/pods', { kind: 'Pod' }, signal)
  const exchange = await server.next()
  t.match(exchange, { method: 'POST', path: '/api/v1/namespaces/a/pods', query: { dryRun: 'All' } })
  t.equal(exchange.headers['content-type'], 'application/json')
  t.strictSame(await exchange.body, { kind: 'Pod' })
  exchange.created({ kind: 'Pod', spec: {} }, { Warning: '299 - "a word"' })
  t.strictSame(await answer, { object: { kind: 'Pod', spec: {} }, warnings: ['a word'] })
})

t.test('a dry run of which the connection breaks is a dry run again, and garbage is none', async t => {
  const { server, transport } = await setUp(t)
  const answer = transport.createDry('/api/v1/namespaces/a/pods', {}, signal)
  const broken = await server.next()
  broken.cut()
  const again = await server.next()
  t.match(again, { method: 'POST', query: { dryRun: 'All' } })
  again.raw('no JSON')
  again.end()
  t.match(await errorOf(answer), { code: 'garbage' })
})

t.test('another format can be asked for', async t => {
  const { server, transport } = await setUp(t)
  const got = transport.getJson('/a', {}, { signal, accept: 'application/json;as=Table' })
  const exchange = await server.next()
  t.equal(exchange.headers.accept, 'application/json;as=Table')
  exchange.json([])
  t.strictSame(await got, [])
})

t.test('requests one after another share a connection, and those at a time do not wait for each other', async t => {
  const { server, transport } = await setUp(t)
  for (const turn of ['first', 'second', 'third']) {
    const got = transport.getJson('/a', {}, { signal })
    const exchange = await server.next()
    exchange.json(turn)
    t.equal(await got, turn)
    await connectionIsFree()
  }
  t.equal(server.connections, 1)
  const slow = transport.getJson('/slow', {}, { signal })
  const stuck = await server.next()
  const quick = transport.getJson('/quick', {}, { signal })
  const exchange = await server.next()
  exchange.json('quick')
  t.equal(await quick, 'quick')
  stuck.json('slow')
  t.equal(await slow, 'slow')
  t.equal(server.connections, 2)
})

t.test('a server below a path, with a password, for somebody else', async t => {
  const { server, transport } = await setUp(t, ({ port }) => ({
    kubeConfig: openKubeConfig(
      { server: `http://127.0.0.1:${port}/k8s/c-1/`, skipTlsVerify: true },
      { username: 'ann', password: 'pass', impersonate: { user: 'bob', uid: '7', groups: ['a', 'b'] } },
    ),
  }))
  const got = transport.getJson('/version', {}, { signal })
  const exchange = await server.next()
  t.equal(exchange.path, '/k8s/c-1/version')
  t.match(exchange.headers, {
    authorization: `Basic ${btoa('ann:pass')}`,
    'impersonate-user': 'bob',
    'impersonate-uid': '7',
    'impersonate-group': 'a, b',
  })
  exchange.json({})
  await got
})

interface Refusal {
  readonly name: string
  readonly answer: Parameters<Exchange['json']>
  readonly expected: object
  readonly message: string
}

const refusals: readonly Refusal[] = [
  {
    name: 'a Status says why',
    answer: [{ kind: 'Status', reason: 'Forbidden', message: 'no\nlist for you', code: 403 }, 403],
    expected: { code: 'refused', status: 403, reason: 'Forbidden', retryAfter: undefined },
    message: 'The API server answered with an error (403, Forbidden, no list for you).',
  },
  {
    name: 'a Status without a word',
    answer: [{ kind: 'Status' }, 500],
    expected: { code: 'refused', status: 500, reason: undefined },
    message: 'The API server answered with an error (500).',
  },
  {
    name: 'anything else is not repeated: it may be a Secret',
    answer: [{ kind: 'Secret', reason: 'cGFzc3dvcmQ=', message: 'cGFzc3dvcmQ=' }, 502],
    expected: { code: 'refused', status: 502, reason: undefined },
    message: 'The API server answered with an error (502).',
  },
  {
    name: 'the time to stay away is kept, in milliseconds',
    answer: [{}, 429, { 'Retry-After': '7' }],
    expected: { code: 'refused', status: 429, retryAfter: 7000 },
    message: 'The API server answered with an error (429).',
  },
  {
    name: 'an error as long as a book is not read',
    answer: ['x'.repeat(100_000), 500],
    expected: { code: 'refused', status: 500 },
    message: 'The API server answered with an error (500).',
  },
  {
    name: 'a redirection is not followed: credentials go nowhere else',
    answer: [{}, 307, { Location: 'http://127.0.0.1:1/' }],
    expected: { code: 'refused', status: 307 },
    message: 'The API server answered with an error (307).',
  },
]

for (const { name, answer, expected, message } of refusals) {
  t.test(name, async t => {
    const { server, transport } = await setUp(t)
    const failed = errorOf(transport.getJson('/a', {}, { signal }))
    const exchange = await server.next()
    exchange.json(...answer)
    const error = await failed
    t.match(error, expected)
    t.equal(error.message, message)
    t.equal(error.gone, false)
  })
}

t.test('an answer that is not JSON, and no byte of it in the error', async t => {
  const { server, transport } = await setUp(t)
  const failed = errorOf(transport.getJson('/a', {}, { signal }))
  const exchange = await server.next()
  exchange.raw('cGFzc3dvcmQ=')
  exchange.end()
  const error = await failed
  t.equal(error.code, 'garbage')
  t.notMatch(error.stack, /cGFzc3/)
  t.equal(error.cause, undefined)
})

t.test('an answer that is too large is not read to its end', async t => {
  const { server, transport } = await setUp(t)
  const failed = errorOf(transport.getJson('/a', {}, { signal, maxBytes: 1000 }))
  const exchange = await server.next()
  exchange.raw('x'.repeat(1001))
  t.equal((await failed).code, 'tooLarge')
  await exchange.closed
})

t.test('a request is given up', async t => {
  const { server, transport } = await setUp(t)
  for (const when of ['before it is sent', 'before it is answered', 'within the answer']) {
    const stop = new AbortController()
    if (when === 'before it is sent') stop.abort()
    const failed = errorOf(transport.getJson('/a', {}, { signal: stop.signal }))
    if (when !== 'before it is sent') {
      const exchange = await server.next()
      if (when === 'within the answer') exchange.raw('{')
      await new Promise(setImmediate)
      stop.abort()
      await exchange.closed
    }
    t.equal((await failed).code, 'stopped', when)
  }
  t.equal(server.pending, 0)
})

t.test('a connection that breaks before the answer is tried once more, and one that does not exist is not', async t => {
  const { server, transport } = await setUp(t)
  const got = transport.getJson('/a', {}, { signal })
  const broken = await server.next()
  broken.cut()
  const exchange = await server.next()
  exchange.json('at last')
  t.equal(await got, 'at last')

  const failed = errorOf(transport.getJson('/a', {}, { signal }))
  for (const _ of ['first', 'second']) {
    const again = await server.next()
    again.cut()
  }
  const error = await failed
  t.equal(error.code, 'unreachable')
  t.match(error.reason, /^(UND_ERR_SOCKET|ECONNRESET)$/)

  const cut = errorOf(transport.getJson('/a', {}, { signal }))
  const half = await server.next()
  half.raw('{')
  await new Promise(setImmediate)
  half.cut()
  t.equal((await cut).code, 'unreachable')
  t.equal(server.pending, 0)
})

t.test('an API server that is not there', async t => {
  const { server, transport } = await setUp(t)
  await server.stop()
  const error = await errorOf(transport.getJson('/a', {}, { signal }))
  t.match(error, { code: 'unreachable', reason: 'ECONNREFUSED' })
  t.match(error.message, /^The API server cannot be reached \(ECONNREFUSED, connect ECONNREFUSED 127.0.0.1:\d+\)\.$/)
})

t.test('a stream is parsed line by line, whatever the chunks', async t => {
  const { server, transport } = await setUp(t)
  let contacts = 0
  const lines: unknown[] = []
  const onContact = () => {
    contacts += 1
  }
  const all = collect(transport.stream('/w', { watch: '1' }, { signal, onContact }), lines)
  const exchange = await server.next()
  t.equal(exchange.isWatch, true)
  exchange.raw('{"a":1}\n\n{"b":"')
  exchange.raw('ü"}\n')
  exchange.raw('{"c":3}')
  exchange.end()
  t.strictSame(await all, [{ a: 1 }, { b: 'ü' }, { c: 3 }])
  t.ok(contacts > 1)
})

t.test('leaving a stream closes it', async t => {
  const { server, transport } = await setUp(t)
  const first = (async () => {
    for await (const line of transport.stream('/w', {}, { signal })) return line
    return undefined
  })()
  const exchange = await server.next()
  exchange.raw('1\n2\n')
  t.equal(await first, 1)
  await exchange.closed
})

t.test('a stream fails on a cut, on garbage, and on a line without an end', async t => {
  const { server, transport } = await setUp(t)
  const cases = [
    { code: 'unreachable', send: 'cut' },
    { code: 'garbage', send: 'cGFzc3dvcmQ=\n' },
    { code: 'tooLarge', send: 'x'.repeat(16 * 1024 * 1024 + 1) },
  ]
  for (const { code, send } of cases) {
    const failed = errorOf(collect(transport.stream('/w', {}, { signal })))
    const exchange = await server.next()
    exchange.raw()
    await new Promise(setImmediate)
    if (send === 'cut') exchange.cut()
    else exchange.raw(send)
    const error = await failed
    t.equal(error.code, code)
    t.notMatch(error.stack, /cGFzc3/)
  }
})

t.test('credentials that are turned down are read again, at most every ten seconds', async t => {
  let reloads = 0
  const { server, transport, clock } = await setUp(t, server => ({
    reload: () => {
      reloads += 1
      return reloads < 3 ? server.kubeConfig({ token: `token-${reloads}` }) : undefined
    },
  }))
  const turnDown = async (expected: string) => {
    const exchange = await server.next()
    t.equal(exchange.headers.authorization, `Bearer ${expected}`)
    exchange.status(401, 'Unauthorized')
  }
  const got = [transport.getJson('/a', {}, { signal }), transport.getJson('/a', {}, { signal })]
  await turnDown('our-token')
  await turnDown('our-token')
  for (const _ of got) {
    const exchange = await server.next()
    t.equal(exchange.headers.authorization, 'Bearer token-1')
    exchange.json('welcome')
  }
  t.strictSame(await Promise.all(got), ['welcome', 'welcome'])
  t.equal(reloads, 1)

  clock.advance(9_999)
  const tooSoon = errorOf(transport.getJson('/a', {}, { signal }))
  await turnDown('token-1')
  t.equal((await tooSoon).status, 401)

  clock.advance(1)
  const inVain = errorOf(transport.getJson('/a', {}, { signal }))
  await turnDown('token-1')
  await turnDown('token-2')
  t.equal((await inVain).status, 401)

  clock.advance(10_000)
  const unchanged = errorOf(transport.getJson('/a', {}, { signal }))
  await turnDown('token-2')
  t.equal((await unchanged).status, 401)
})

t.test('credentials that are turned down and cannot be read again', async t => {
  const { server, transport } = await setUp(t)
  const failed = errorOf(transport.getJson('/a', {}, { signal }))
  const exchange = await server.next()
  exchange.status(401, 'Unauthorized')
  t.match(await failed, { status: 401, reason: 'Unauthorized' })
})

const plugins = [
  {
    name: 'a plugin that is not there',
    exec: { command: '/no/such/plugin' },
    message: 'The credentials of the kubeconfig cannot be read (ENOENT, spawn /no/such/plugin ENOENT).',
  },
  {
    name: 'a plugin that says why it fails',
    exec: { command: process.execPath, args: ['-e', 'console.error("log in first\\nthen again"); process.exit(1)'] },
    message: 'The credentials of the kubeconfig cannot be read (log in first).',
  },
  {
    name: 'a plugin that prints something else, which may be a token',
    exec: { command: process.execPath, args: ['-e', 'console.log("my-token")'] },
    message: 'The credentials of the kubeconfig cannot be read (not JSON).',
  },
]

for (const { name, exec, message } of plugins) {
  t.test(name, async t => {
    const { transport } = await setUp(t, server => ({ kubeConfig: server.kubeConfig({ plugin: { exec } }) }))
    const error = await errorOf(transport.getJson('/a', {}, { signal }))
    t.equal(error.code, 'credentials')
    t.equal(error.message, message)
  })
}

t.test('requests that start together run a plugin once', async t => {
  const credential = { status: { token: 'from-the-plugin' } }
  const folder = mkdtempSync(join(tmpdir(), 'regcred-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const script = `fs.mkdtempSync(${JSON.stringify(join(folder, 'run-'))}); console.log('${JSON.stringify(credential)}')`
  const exec = { command: process.execPath, args: ['-e', script] }
  const { server, transport } = await setUp(t, server => ({ kubeConfig: server.kubeConfig({ plugin: { exec } }) }))
  const got = [1, 2, 3].map(() => transport.getJson('/a', {}, { signal }))
  for (const _ of got) {
    const exchange = await server.next()
    t.equal(exchange.headers.authorization, 'Bearer from-the-plugin')
    exchange.json('ok')
  }
  await Promise.all(got)
  t.equal(readdirSync(folder).length, 1)
})

/** Credentials that come, or not, as a test wants it. */
function asked(server: FakeApiServer, credentials: KubeConfig['credentials']): { kubeConfig: KubeConfig } {
  return { kubeConfig: { ...server.kubeConfig(), credentials } }
}

t.test('a plugin that hangs holds nobody longer than they wait', async t => {
  for (const asks of [undefined, 'the exec plugin "aws"']) {
    const { transport } = await setUp(t, server => {
      const { kubeConfig } = asked(server, () => new Promise(() => {}))
      return { kubeConfig: { ...kubeConfig, ...(asks && { asks }) } }
    })
    const stop = new AbortController()
    const failed = errorOf(transport.getJson('/a', {}, { signal: stop.signal }))
    stop.abort()
    t.match((await failed).message, asks ?? 'cancelled')
  }
})

t.test('credentials that fail with something odd', async t => {
  const { transport } = await setUp(t, server => asked(server, () => Promise.reject('my-token')))
  const error = await errorOf(transport.getJson('/a', {}, { signal }))
  t.equal(error.code, 'credentials')
  t.notMatch(error.message, /my-token/)
})

t.test('TLS', async t => {
  const pair = await issueCertificate()
  const server = await FakeApiServer.start({ ...pair, requestCert: true, rejectUnauthorized: false })
  t.teardown(() => server.stop())
  const cluster: Cluster = { server: `https://127.0.0.1:${server.port}` }
  const caData = btoa(pair.cert)
  const client = { certData: caData, keyData: btoa(pair.key) }

  async function read(kubeConfig: KubeConfig, test: Test) {
    const transport = new Transport({ kubeConfig, userAgent: 'regcred', clock: new FakeClock() })
    test.teardown(() => transport.close())
    const got = transport.getJson('/a', {}, { signal })
    const answered = server.next().then(exchange => exchange.json('secret'))
    return await Promise.race([got, answered.then(() => got)])
  }

  t.test('with the CA of the kubeconfig and a client certificate', async t => {
    t.equal(await read(openKubeConfig({ ...cluster, caData }, client), t), 'secret')
  })

  t.test('an unknown CA', async t => {
    const kubeConfig = openKubeConfig(cluster, {})
    const transport = new Transport({ kubeConfig, userAgent: 'regcred', clock: new FakeClock() })
    t.teardown(() => transport.close())
    const error = await errorOf(transport.getJson('/a', {}, { signal }))
    t.match(error, { code: 'unreachable', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })

  t.test('without checks, where the kubeconfig says so', async t => {
    t.equal(await read(openKubeConfig({ ...cluster, skipTlsVerify: true }, {}), t), 'secret')
  })

  t.test('under the name that the kubeconfig gives', async t => {
    const named = await issueCertificate(['kubernetes.example'])
    const server = await FakeApiServer.start(named)
    t.teardown(() => server.stop())
    const address = `https://127.0.0.1:${server.port}`
    const kubeConfig = openKubeConfig(
      { server: address, caData: btoa(named.cert), tlsServerName: 'kubernetes.example' },
      {},
    )
    const transport = new Transport({ kubeConfig, userAgent: 'regcred', clock: new FakeClock() })
    t.teardown(() => transport.close())
    const got = transport.getJson('/a', {}, { signal })
    const exchange = await server.next()
    exchange.json('named')
    t.equal(await got, 'named')
  })

  t.test('new connections are made when the material changes, and only then', async t => {
    const folder = t.testdir({ 'tls.crt': pair.cert, 'tls.key': pair.key })
    const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
    const kubeConfig = openKubeConfig({ ...cluster, caData }, { certFile, keyFile })
    const transport = new Transport({ kubeConfig, userAgent: 'regcred', clock: new FakeClock() })
    t.teardown(() => transport.close())
    const before = server.connections
    const readOnce = async () => {
      const got = transport.getJson('/a', {}, { signal })
      const exchange = await server.next()
      exchange.json('secret')
      await got
      await connectionIsFree()
    }
    await readOnce()
    await readOnce()
    t.equal(server.connections, before + 1)
    const other = await issueCertificate()
    writeFileSync(certFile, other.cert)
    writeFileSync(keyFile, other.key)
    await readOnce()
    t.equal(server.connections, before + 2)
  })

  t.test('through a proxy', async t => {
    const proxied: string[] = []
    const proxy = createServer()
    proxy.on('connect', (request, socket) => {
      proxied.push(request.url ?? '')
      const target = connect(server.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        target.pipe(socket).pipe(target)
      })
      target.on('error', () => socket.destroy())
      socket.on('error', () => target.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    t.teardown(() => {
      proxy.closeAllConnections()
      proxy.close()
    })
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    t.equal(await read(openKubeConfig({ ...cluster, caData, proxyUrl }, client), t), 'secret')
    t.strictSame(proxied, [`127.0.0.1:${server.port}`])
  })
})
