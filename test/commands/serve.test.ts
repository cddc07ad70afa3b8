import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { Agent, request } from 'undici'
import { issueCertificate } from '../../src/tls/issue.ts'

// Each case is a process of its own, and the machine may be busy.
t.setTimeout(180_000)

const ROOT = join(import.meta.dirname, '../..')
const { ca, cert, key } = await issueCertificate(['127.0.0.1'])
const folder = t.testdir({
  'tls.crt': cert,
  'tls.key': key,
  'other.key': (await issueCertificate(['127.0.0.1'])).key,
  'ca.crt': ca,
  'bad.yaml': 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: loud\n',
  'good.yaml': 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: warn\n',
  'broken.yaml': 'a: [',
})
const file = (name: string) => join(folder, name)

function regcred(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'src/cli.ts'), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
}

const TLS = ['--tls-cert-file', file('tls.crt'), '--tls-private-key-file', file('tls.key')]
const FREE = ['--bind-address', '127.0.0.1', '--secure-port', '0', '--metrics-port', '0']
const MANIFESTS = ['--manifests', join(ROOT, 'examples/cluster')]

/** Runs to the end. */
async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = regcred(...args)
  const [out, err, [status]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit'),
  ])
  return { status: Number(status), out, err }
}

interface Running {
  readonly child: ChildProcess
  readonly address: string
  readonly metrics: string
  /** Waits for a log line with this message. */
  line(message: string): Promise<Record<string, unknown>>
}

async function serve(...args: string[]): Promise<Running> {
  const child = regcred('serve', ...FREE, ...TLS, ...args)
  t.teardown(() => child.kill('SIGKILL'))
  if (child.stderr === null) throw new Error('no stderr')
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  const line = async (message: string) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`it ended without ${message}`)
      const parsed = JSON.parse(value)
      if (parsed.msg === message) return parsed
    }
  }
  const { address, metrics } = await line('serving')
  return { child, address, metrics, line }
}

t.test('it serves, follows its configuration, and ends with 0', async t => {
  const { child, address, metrics, line } = await serve(...MANIFESTS, '--config', file('good.yaml'))
  const dispatcher = new Agent({ connect: { ca } })
  const ready = await request(`${address}/readyz?verbose`, { dispatcher })
  t.equal(ready.statusCode, 200)
  t.match(await ready.body.text(), /\[\+\]view in step\n\[\+\]view\/manifests 6 objects, heard from 0 s ago\n/)
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
  t.match(await line('configuration refused; the last good one stays'), { faults: [/good.yaml/] })
  writeFileSync(file('good.yaml'), 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nmode: "off"\n')
  await line('configuration taken')
  child.kill('SIGTERM')
  await line('shutting down')
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.close()
})

t.test('with a client CA nobody without a certificate sends reviews', async t => {
  const { child, address } = await serve(...MANIFESTS, '--client-ca-file', file('ca.crt'))
  const dispatcher = new Agent({ connect: { ca } })
  const { statusCode } = await request(`${address}/validate`, { dispatcher, method: 'POST' })
  t.equal(statusCode, 401)
  child.kill('SIGINT')
  t.strictSame(await once(child, 'exit'), [0, null])
  await dispatcher.destroy()
})

t.test('what is wrong is one line that says what to do, and 2', async t => {
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
      name: 'no certificate',
      args: ['serve', ...MANIFESTS],
      err: /^regcred: required option '--tls-cert-file <file>' not specified; regcred --help shows what there is\n$/,
    },
    {
      name: 'a missing certificate',
      args: ['serve', ...MANIFESTS, '--tls-cert-file', 'none', '--tls-private-key-file', 'none'],
      err: /^regcred: --tls-cert-file: cannot read none \(ENOENT\); check the path and its permissions\n$/,
    },
    {
      name: 'a key of another',
      args: ['serve', ...MANIFESTS, '--tls-cert-file', file('tls.crt'), '--tls-private-key-file', file('other.key')],
      err: /^regcred: .*does not match the private key.*\n$/,
    },
    {
      name: 'a bad configuration',
      args: ['serve', ...MANIFESTS, ...TLS, '--config', file('bad.yaml')],
      err: /^regcred: .*bad.yaml:3:7: mode: .*\n$/,
    },
    {
      name: 'bad manifests',
      args: ['serve', ...TLS, '--manifests', file('broken.yaml')],
      err: /^regcred: .*broken.yaml:\d:\d: this is not YAML or JSON .*\n$/,
    },
    {
      name: 'a missing client CA',
      args: ['serve', ...MANIFESTS, ...TLS, '--client-ca-file', 'none'],
      err: /^regcred: --client-ca-file: cannot read none \(ENOENT\); .*\n$/,
    },
    {
      name: 'a port that is taken',
      args: ['serve', ...MANIFESTS, ...TLS, '--bind-address', '127.0.0.1', '--secure-port', port],
      err: /^regcred: cannot listen EADDRINUSE.*; choose another .*\n$/,
    },
    {
      name: 'a port for metrics that is taken',
      args: ['serve', ...MANIFESTS, ...TLS, ...FREE.slice(0, 4), '--metrics-port', port],
      err: /^regcred: cannot listen EADDRINUSE.*; choose another .*\n$/,
    },
    {
      name: 'a port that is none',
      args: ['serve', ...TLS, '--secure-port', 'high'],
      err: /A port is a number from 0 to 65535/,
    },
    { name: 'a delay that is none', args: ['serve', ...TLS, '--shutdown-delay-duration', '-1'], err: /whole seconds/ },
    {
      name: 'no kubeconfig',
      args: ['serve', ...TLS, '--kubeconfig', 'none'],
      err: /^regcred: The kubeconfig none cannot be read \(ENOENT\).*\n$/,
    },
    {
      name: 'no such context',
      args: ['serve', ...TLS, '--kubeconfig', kubeconfig, '--context', 'd'],
      err: /^regcred: There is no context "d".*\n$/,
    },
    {
      name: 'no API server',
      args: ['serve', ...TLS, '--kubeconfig', kubeconfig],
      err: /^regcred: https:\/\/127.0.0.1:\d+: The API server cannot be reached \(ECONNREFUSED, .*\)\. Start it, or correct .*\n$/,
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
  const child = regcred('demo', '--serve')
  t.teardown(() => child.kill('SIGKILL'))
  if (child.stdout === null) throw new Error('no stdout')
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  t.match(line, /^regcred serves the manifests in examples\/ at https:\/\/127.0.0.1:\d+; Ctrl-C ends it$/)
  child.kill('SIGINT')
  t.strictSame(await once(child, 'exit'), [0, null])
})
