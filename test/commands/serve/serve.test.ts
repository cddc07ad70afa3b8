import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { CommanderError } from 'commander'
import t from 'tap'
import { Agent, request } from 'undici'
import { serveCommand } from '../../../src/commands/serve/serve.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'
import { issueCertificate } from '../../../src/tls/issue.ts'
import { FREE, outcomeOf, ROOT, run, serve, spawnRegcred } from '../spawn.ts'

const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
const folder = t.testdir({
  'good.crt': cert,
  'good.key': key,
  'tls.crt': cert,
  'tls.key': key,
  'other.key': (await issueCertificate(['127.0.0.1'])).key,
  'ca.crt': ca,
  'bad.yaml': 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: loud\n',
  'good.yaml': 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: warn\n',
  'broken.yaml': 'a: [',
})
const file = (name: string) => join(folder, name)

const TLS = ['--tls-cert-file', file('tls.crt'), '--tls-private-key-file', file('tls.key')]
const MANIFESTS = ['--manifests', join(ROOT, 'examples/cluster')]

t.test('it serves, follows its configuration, and ends with 0', async t => {
  const { child, address, metrics, line } = await serve(t, [
    ...['--tls-cert-file', file('good.crt'), '--tls-private-key-file', file('good.key')],
    ...MANIFESTS,
    ...['--config', file('good.yaml')],
  ])
  await line('no registry is listed as private (registries.private), so of most images nothing can be said')
  const dispatcher = new Agent({ connect: { ca } })
  const ready = await request(`${address}/readyz?verbose`, { dispatcher })
  t.equal(ready.statusCode, 200)
  t.match(await ready.body.text(), /\[\+\]cache synced\n\[\+\]cache\/manifests 6 objects, last event 0 s ago\n/)
  const scrape = await request(`${metrics}/metrics`)
  t.match(await scrape.body.text(), /regcred_certificate_not_after_seconds \d+/)
  const bad = await request(`${address}/validate`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  })
  t.equal(bad.statusCode, 400)
  t.match(await line('the body is not JSON; send an AdmissionReview: the body is not JSON'), { code: 'NOT_JSON' })
  writeFileSync(file('good.yaml'), 'mode: loud')
  t.match(await line('configuration refused; the last good one stays in effect'), { faults: [/good.yaml/] })
  writeFileSync(file('good.yaml'), 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: "off"\n')
  await line('configuration accepted')
  t.match(await line('pull secrets are no longer added to Pods'), { level: 40, mode: 'off', 'inject.enabled': 'auto' })
  const { cert: newCert, key: newKey } = await issueCertificate(['127.0.0.1'])
  writeFileSync(file('good.key'), newKey)
  writeFileSync(file('good.crt'), newCert)
  await line('certificate accepted')
  const names = 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nview: {secrets: names}\n'
  writeFileSync(file('good.yaml'), names)
  const waits = { level: 50, running: 'contents', written: 'names' }
  t.match(await line('view.secrets needs a restart'), waits)
  child.kill('SIGTERM')
  await line('shutting down')
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.close()
})

t.test('it goes on answering for a while after it has failed readiness', async t => {
  const flags = ['--shutdown-delay-duration', '2s', '--health-port', '0']
  const { child, address, health, line } = await serve(t, [...TLS, ...MANIFESTS, ...flags])
  const dispatcher = new Agent({ connect: { ca } })
  const statusOf = async (path: string) => (await request(`${address}${path}`, { dispatcher })).statusCode
  const probe = async (path: string) => (await request(`${health}${path}`)).statusCode
  t.equal(await statusOf('/readyz'), 200)
  t.match(health, /^http:/)
  t.equal(await probe('/readyz'), 200)
  child.kill('SIGTERM')
  await line('shutting down')
  t.equal(await statusOf('/readyz'), 503)
  t.equal(await statusOf('/livez'), 200)
  t.equal(await probe('/readyz'), 503)
  t.equal(await probe('/livez'), 200)
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.close()
})

t.test('with a client CA nobody without a certificate sends reviews', async t => {
  const { child, address, log } = await serve(t, [...TLS, ...MANIFESTS, '--client-ca-file', file('ca.crt')])
  const warnings = log.filter(({ level }) => level === 40).map(({ msg }) => msg)
  const said =
    'Any client certificate of this CA may call the webhook. Name the caller with --client-cn or --client-san.'
  t.strictSame(warnings, [said])
  const dispatcher = new Agent({ connect: { ca } })
  const { statusCode } = await request(`${address}/validate`, { dispatcher, method: 'POST' })
  t.equal(statusCode, 401)
  child.kill('SIGINT')
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.destroy()
})

t.test('where the path is secret, reviews are accepted there alone, and the log does not have it', async t => {
  const secret = '3f9c'.repeat(16)
  const other = 'a1b2'.repeat(16)
  writeFileSync(file('prefixes'), `/${secret}\n`)
  const names = ['--client-ca-file', file('ca.crt'), '--client-cn', 'kube-apiserver', '--client-san', 'api.example.com']
  const flags = ['--path-prefix-file', file('prefixes'), '--tls-min-version', 'VersionTLS13', '--log-level', 'debug']
  const { child, address, metrics, log, line } = await serve(t, [...TLS, ...MANIFESTS, ...flags, ...names])
  t.notMatch(log, [{ level: 40 }])
  const dispatcher = new Agent({ connect: { ca } })
  const statusOf = async (path: string) =>
    (await request(`${address}${path}`, { dispatcher, method: 'POST' })).statusCode
  t.equal(await statusOf('/validate'), 404)
  // Found, and refused for want of a certificate.
  t.equal(await statusOf(`/${secret}/validate`), 401)
  writeFileSync(file('prefixes'), `/${other}\n`)
  await line('path prefixes accepted')
  t.equal(await statusOf(`/${secret}/validate`), 404)
  t.equal(await statusOf(`/${other}/validate`), 401)
  const scrape = await (await request(`${metrics}/metrics`)).body.text()
  t.match(scrape, 'regcred_errors_total{stage="validate",code="WRONG_PATH"} 2')
  t.notMatch(scrape, /3f9c|a1b2/)
  child.kill('SIGTERM')
  await line('shutting down')
  t.notMatch(JSON.stringify(log), /3f9c|a1b2/)
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.destroy()
})

t.test('what keeps a server from starting is told in one line that says what to do', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const address = taken.address()
  const port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const unused = closed.address()
  const nobody = `https://127.0.0.1:${typeof unused === 'object' && unused !== null ? unused.port : 0}`
  closed.close()
  const kubeconfig = file('kubeconfig')
  const cluster = { name: 'c', cluster: { server: nobody, 'insecure-skip-tls-verify': true } }
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } }
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [cluster],
      users: [{ name: 'u', user: { token: 'x' } }],
      contexts: [context],
      'current-context': 'c',
    }),
  )
  const cases: { readonly name: string; readonly args: string[]; readonly err: RegExp }[] = [
    {
      name: 'a Secret without a cluster',
      args: [
        ...[...MANIFESTS, '--tls-self-managed-secret', 'a', '--tls-server-name', 'b.c.svc'],
        ...['--tls-server-name', 'b.c', '--webhook-configuration', 'd', '--tls-self-managed-lifetime', '2160h'],
      ],
      err: /^--tls-self-managed-secret needs a cluster; .*$/,
    },
    {
      name: 'a life that is too short',
      args: [...MANIFESTS, '--tls-self-managed-lifetime', '9s'],
      err: /Give a duration from 10s to 87600h/,
    },
    {
      name: 'a life without a unit',
      args: [...MANIFESTS, '--tls-self-managed-lifetime', '90'],
      err: /Give a duration from 10s to 87600h/,
    },
    {
      name: 'an address that is none',
      args: [...MANIFESTS, ...TLS, '--bind-address', '127.0.0.1.invalid'],
      err: /^cannot getaddrinfo ENOTFOUND.*; choose another --bind-address.*$/,
    },
    {
      name: 'a missing certificate',
      args: [...MANIFESTS, '--tls-cert-file', 'none', '--tls-private-key-file', 'none'],
      err: /^--tls-cert-file: cannot read none \(ENOENT\); check the path and its permissions$/,
    },
    {
      name: 'a key of another',
      args: [...MANIFESTS, '--tls-cert-file', file('tls.crt'), '--tls-private-key-file', file('other.key')],
      err: /^.*does not match the private key.*$/,
    },
    {
      name: 'a bad configuration',
      args: [...MANIFESTS, ...TLS, '--config', file('bad.yaml')],
      err: /^.*bad.yaml:3:7: mode: .*$/,
    },
    {
      name: 'bad manifests',
      args: [...TLS, '--manifests', file('broken.yaml')],
      err: /^.*broken.yaml:\d:\d: this is not YAML or JSON: .*$/,
    },
    {
      name: 'a missing client CA',
      args: [...MANIFESTS, ...TLS, '--client-ca-file', 'none'],
      err: /^--client-ca-file: cannot read none \(ENOENT\); .*$/,
    },
    {
      name: 'names without a client CA',
      args: [...MANIFESTS, ...TLS, '--client-cn', 'kube-apiserver'],
      err: /^--client-cn and --client-san need --client-ca-file; give the CA bundle .*$/,
    },
    {
      name: 'a name that is empty',
      args: [...MANIFESTS, ...TLS, '--client-san='],
      err: /Give a name that is not empty/,
    },
    {
      name: 'an old version of TLS',
      args: [...MANIFESTS, ...TLS, '--tls-min-version', 'VersionTLS10'],
      err: /Give one of VersionTLS12, VersionTLS13\.$/,
    },
    {
      name: 'a weak cipher suite',
      args: [...MANIFESTS, ...TLS, '--tls-cipher-suites', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
      err: /"TLS_RSA_WITH_3DES_EDE_CBC_SHA" is not one of TLS_AES_128_GCM_SHA256, .*\.$/,
    },
    {
      name: 'no path prefix',
      args: [...MANIFESTS, ...TLS, '--path-prefix-file', file('ca.crt')],
      err: /^--path-prefix-file: line 1 of \S+ is not a prefix; write "\/" and 32 to 128 letters.*$/,
    },
    {
      name: 'a port that is taken',
      args: [...MANIFESTS, ...TLS, '--bind-address', '127.0.0.1', '--secure-port', port],
      err: /^cannot listen EADDRINUSE.*; choose another .*$/,
    },
    {
      name: 'a port for metrics that is taken',
      args: [...MANIFESTS, ...TLS, ...FREE.slice(0, 4), '--metrics-port', port],
      err: /^cannot listen EADDRINUSE.*; choose another .*$/,
    },
    {
      name: 'a port for health that is taken',
      args: [...MANIFESTS, ...TLS, ...FREE, '--health-port', port],
      err: /^cannot listen EADDRINUSE.*; choose another .*--health-port$/,
    },
    {
      name: 'a delay without a unit',
      args: [...TLS, '--shutdown-delay-duration', '5'],
      err: /e\.g\. 5s or 1m30s\.$/,
    },
    {
      name: 'no kubeconfig',
      args: [...TLS, '--kubeconfig', 'none'],
      err: /^The kubeconfig none cannot be read \(ENOENT\).*$/,
    },
    {
      name: 'no such context',
      args: [...TLS, '--kubeconfig', kubeconfig, '--context', 'd'],
      err: /^There is no context "d".*$/,
    },
    {
      name: 'no API server',
      args: [...TLS, '--kubeconfig', kubeconfig],
      err: /^https:\/\/127.0.0.1:\d+: The API server cannot be reached \(ECONNREFUSED, .*\)\. Start it, or correct .*$/,
    },
  ]
  for (const { name, args, err } of cases) t.match(await refusalOf(args), err, name)
})

/** Why `regcred serve` does not start with these flags, without a process of its own. */
async function refusalOf(args: readonly string[]): Promise<string> {
  const command = serveCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  try {
    await command.parseAsync(args, { from: 'user' })
  } catch (error) {
    return error instanceof CommandError || error instanceof CommanderError ? error.message : String(error)
  }
  return 'it starts'
}

t.test('the program says so on stderr, and ends with 2', async t => {
  const cases: { readonly name: string; readonly args: string[]; readonly err: RegExp }[] = [
    {
      name: 'no certificate',
      args: ['serve', ...MANIFESTS],
      err: /^regcred: no certificate to serve; give --tls-cert-file and --tls-private-key-file, or --tls-self-managed-secret\n$/,
    },
    {
      name: 'a port that is none',
      args: ['serve', ...TLS, '--secure-port', 'high'],
      err: /A port is a number from 0 to 65535/,
    },
    {
      name: 'an unknown command',
      args: ['swerve'],
      err: /^regcred: unknown command 'swerve' \(Did you mean serve\?\); .*\n$/,
    },
    { name: 'nothing', args: [], err: /Usage: regcred/ },
  ]
  for (const { name, err, ended } of cases.map(one => ({ ...one, ended: run(...one.args) }))) {
    const { status, err: said } = await ended
    t.equal(status, 2, name)
    t.match(said, err, name)
    t.notMatch(said, /^\s+at /m)
  }
  t.match(await run('--help'), { status: 0, out: /Commands:/ })
})

t.test('the demonstration, whole', async t => {
  const { status, out, err } = await run('demo')
  t.equal(status, 0)
  t.equal(err, '')
  t.matchSnapshot(out.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT'))
})

t.test('the demonstration that stays', async t => {
  const child = spawnRegcred(['demo', '--serve'])
  t.teardown(() => child.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  t.match(line, /^regcred serves the manifests in examples\/ at https:\/\/127.0.0.1:\d+; Ctrl-C ends it$/)
  child.kill('SIGINT')
  t.strictSame(await once(child, 'exit'), [0, null])
})

/** Code that is run before the program, as Node's flag. */
const before = (code: string) => ['--import', `data:text/javascript,${encodeURIComponent(code)}`]

t.test('a bug at the start is told without its message', async t => {
  const broken = before(`process.stdout.write = () => { throw new TypeError('hunter' + (1 + 1)) }`)
  const { status, err } = await outcomeOf(spawnRegcred(['config'], broken))
  t.equal(status, 2)
  t.match(err, /^regcred: this is a bug \(TypeError\); run it again with REGCRED_DEBUG=1, and report what it prints\n$/)
  t.notMatch(err, /hunter2/)
})

t.test('a bug later ends it in order, and is told without its message', async t => {
  const broken = before(`process.once('SIGUSR2', () => { throw new TypeError('hunter' + (1 + 1)) })`)
  const { child, line } = await serve(t, [...TLS, ...MANIFESTS], broken)
  child.kill('SIGUSR2')
  const bug = await line('ending after a bug')
  t.match(bug, { error: 'TypeError', at: [/^at /] })
  t.notMatch(JSON.stringify(bug), /hunter2/)
  t.strictSame(await once(child, 'exit'), [1, null])
})

t.test('whoever reads the answer may stop in the middle', async t => {
  const child = spawnRegcred(['config', '--schema'])
  child.stdout.destroy()
  const [err, ended] = await Promise.all([text(child.stderr), once(child, 'exit')])
  t.strictSame({ err, ended }, { err: '', ended: [2, null] })
})
