import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loginsOf, runSecret } from './run-secret.ts'

const AUTHS = { 'ghcr.io': { auth: btoa('janedoe:hunter2') } }
const CONFIG = { auths: AUTHS }
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

function secret(data: object, more: object = {}, metadata: object = {}) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hub', ...metadata }, ...more, data }
}

const mend = (input: unknown, ...args: string[]) =>
  runSecret(['hub', '--from', '-', '-o', 'json', ...args], typeof input === 'string' ? input : JSON.stringify(input))

t.test('a docker config under any one key, of either format, in any type', async t => {
  const from = (key: string) => `regcred: its docker config moves from ${key} to .dockerconfigjson\n`
  const cases: [input: object, err: string][] = [
    [secret({ '.dockerconfigjson': encode(CONFIG) }, { type: 'Opaque' }), ''],
    [secret({ 'config.json': encode(CONFIG) }), from('config.json')],
    [secret({ '.dockercfg': encode(AUTHS) }, { type: 'Opaque' }), from('.dockercfg')],
    [
      secret({ '.dockercfg': encode(CONFIG) }, { type: 'kubernetes.io/dockercfg' }),
      `${from('.dockercfg')}regcred: its type was kubernetes.io/dockercfg already\n`,
    ],
    [{ ...secret({}), stringData: { x: JSON.stringify(CONFIG) } }, from('x')],
  ]
  for (const [input, said] of cases) {
    const { status, out, err } = await mend(input)
    t.strictSame({ status, err }, { status: 0, err: said })
    t.match(JSON.parse(out), { type: 'kubernetes.io/dockerconfigjson', metadata: { name: 'hub' } })
    t.strictSame(loginsOf(out), { 'ghcr.io': 'janedoe:hunter2' })
  }
})

t.test("what is the Secret's own stays, and what the server and kubectl wrote does not", async t => {
  const metadata = {
    namespace: 'team-a',
    labels: { app: 'web' },
    annotations: { a: 'b', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    uid: 'x',
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [],
    ownerReferences: [{ kind: 'ExternalSecret', name: 'hub' }],
    finalizers: ['x'],
  }
  const { out, err } = await mend(secret({ c: encode(CONFIG), other: btoa('x') }, { immutable: true }, metadata))
  const { data, ...rest } = JSON.parse(out)
  t.strictSame(rest, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hub', namespace: 'team-a', labels: { app: 'web' }, annotations: { a: 'b' } },
    immutable: true,
    type: 'kubernetes.io/dockerconfigjson',
  })
  t.strictSame(Object.keys(data), ['other', '.dockerconfigjson'])
  t.match(err, 'regcred: it is kept by its ExternalSecret, which may write it again as it was; change that as well\n')
})

t.test('logins that Kubernetes cannot use are left out, and said; keys are written as they have to be', async t => {
  const auths = {
    'hub.docker.com': { username: 'u', password: 'p' },
    'https://ghcr.io/v1/': { username: 'v', password: 'p' },
    'https://index.docker.io/v1/refresh-token': { username: 'x', password: 'p' },
    'ghcr.io': { username: 'x', password: 'p' },
    'quay.io': {},
    'd.io': { username: 'a:b', password: 'p' },
    'b\u001b[2J\n': { username: 'u', password: 'p' },
    'https://user:hunter2@c.io': { username: 'w', password: 'p' },
  }
  const { out, err } = await mend(secret({ '.dockerconfigjson': encode({ auths }) }))
  t.strictSame(loginsOf(out), { 'https://index.docker.io/v1/': 'u:p', 'ghcr.io': 'v:p', 'c.io': 'w:p' })
  t.equal(
    err,
    [
      'Docker Hub is written https://index.docker.io/v1/ in a pull secret; using that',
      'left out "ghcr.io": another is for ghcr.io',
      'left out "quay.io": it has no user name and password',
      'left out "d.io": its user name has a colon, which ends a user name',
      'left out: no image matches a registry that is written "b\\u001b[2J\\u000a"; write host, port and path as its images have them, e.g. ghcr.io/acme',
    ]
      .map(line => `regcred: ${line}\n`)
      .join(''),
  )
})

t.test('ten thousand odd entries are counted, not listed', async t => {
  const auths = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`r${i}.io`, i === 0 ? { username: 'u', password: 'p' } : {}]),
  )
  const { status, err } = await mend(secret({ a: encode({ auths }) }))
  t.equal(status, 0)
  t.match(err, /\nregcred: and 9980 more\n$/)
})

t.test('what is not one Secret of that name with one docker config is refused', async t => {
  const good = secret({ a: encode(CONFIG) })
  const cases: [input: unknown, fault: string][] = [
    ['', 'standard input has no Secret in it. Did the command before it fail?'],
    [{ auths: {} }, 'standard input has no Secret in it. Did the command before it fail?'],
    [{ apiVersion: 'v1', kind: 'List', items: [good, good] }, 'standard input has 2 objects; give one Secret'],
    [{ ...good, kind: 'ConfigMap' }, 'standard input has a ConfigMap; give one Secret'],
    [{ ...good, metadata: { name: 'bub' } }, 'the Secret in standard input has the name "bub", not "hub"'],
    [{ ...good, metadata: {} }, 'the Secret in standard input has the name "", not "hub"'],
    [
      secret({ a: btoa('hunter2'), b: '%' }),
      'the Secret in standard input holds no docker config that can be read; regcred inspect says what is wrong',
    ],
    [
      secret({ a: encode({ auths: {} }) }),
      'the Secret in standard input holds no docker config that can be read; regcred inspect says what is wrong',
    ],
    [
      secret({ a: encode(CONFIG), 'b\u202e': encode(CONFIG) }),
      'the Secret in standard input holds 2 docker configs, a and more; leave one',
    ],
    [{ ...good, metadata: { name: 'x'.repeat(100_000) } }, 'the Secret in standard input has the name "xxx'],
    ['a: [hunter2', '-:1:12: '],
  ]
  for (const [input, fault] of cases) {
    const { status, out, err } = await mend(input)
    t.strictSame({ status, out }, { status: 2, out: '' })
    t.match(err, `regcred: ${fault}`)
    t.notMatch(err, 'hunter2')
    t.ok(err.length < 500)
  }
  const store = await mend(secret({ a: encode({ auths: { 'ghcr.io': {} }, credsStore: 'desktop' }) }))
  t.equal(
    store.err,
    'regcred: the docker config in it has no user name and password\nregcred: left out "ghcr.io": it has no user name and password\n',
  )
  const elsewhere = await mend(secret({ a: encode(CONFIG) }, {}, { namespace: 'team-a' }), '-n', 'team-b')
  t.equal(elsewhere.err, 'regcred: the Secret in standard input is of namespace "team-a", not "team-b"\n')
  const terminal = await runSecret(['hub', '--from', '-'], '', { stdin: true })
  t.equal(terminal.err, 'regcred: standard input is a terminal; pipe the Secret: kubectl get secret NAME -o json | …\n')
})

t.test('a file is named where something is wrong with it', async t => {
  const file = join(t.testdir({ 'a.json': JSON.stringify(secret({})) }), 'a.json')
  const { err } = await runSecret(['hub', '--from', file])
  t.equal(
    err,
    `regcred: the Secret in ${file} holds no docker config that can be read; regcred inspect says what is wrong\n`,
  )
})

t.test('a file is read as well, and a namespace that it does not name is added', async t => {
  const file = join(t.testdir(), 'hub.yaml')
  writeFileSync(file, `apiVersion: v1\nkind: Secret\nmetadata: {name: hub}\ndata: {a: ${encode(CONFIG)}}\n`)
  const { status, out } = await runSecret(['hub', '--from', file, '-n', 'team-a', '-o', 'json'])
  t.equal(status, 0)
  t.match(JSON.parse(out), { metadata: { name: 'hub', namespace: 'team-a' } })
})
