import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import type { Credentials } from '../../../src/kube/kubeconfig/credentials.ts'
import { loadKubeConfig } from '../../../src/kube/kubeconfig/load.ts'

const complete = {
  'current-context': 'work',
  clusters: [{ name: 'c', cluster: { server: 'https://c.example:6443' } }],
  users: [{ name: 'u', user: { token: 'hush' } }],
  contexts: [
    { name: 'work', context: { cluster: 'c', user: 'u' } },
    { name: 'play', context: { cluster: 'c', user: 'u', namespace: 'toys' } },
  ],
}

/** Writes files into a folder of their own, and gives its path. */
function writeFiles(test: Test, files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'regcred-'))
  test.teardown(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

function serverOf(result: ReturnType<typeof loadKubeConfig>): string | undefined {
  return result.ok ? result.kubeConfig.server : result.fault
}

t.test('the file that was asked for, and the context', async t => {
  const folder = writeFiles(t, { config: complete })
  const asked = loadKubeConfig({ file: join(folder, 'config'), env: { KUBECONFIG: '/no/such/file' } })
  t.match(asked, { ok: true, namespace: 'default' })
  t.match(loadKubeConfig({ file: join(folder, 'config'), context: 'play', env: {} }), { ok: true, namespace: 'toys' })
})

/** What a request would carry by this file. */
async function credentialsOf(file: string): Promise<Credentials> {
  const result = loadKubeConfig({ file, env: {} })
  if (!result.ok) throw new Error(result.fault)
  return await result.kubeConfig.credentials()
}

t.test('paths in a file are relative to it', async t => {
  const folder = writeFiles(t, {
    'ca.crt': 'the CA',
    'of/us.crt': 'our certificate',
    'of/us.key': 'our key',
    token: 'our token',
    config: {
      ...complete,
      clusters: [{ name: 'c', cluster: { server: 'https://c.example', 'certificate-authority': 'ca.crt' } }],
      users: [
        { name: 'u', user: { 'client-certificate': 'of/us.crt', 'client-key': './of/us.key', tokenFile: 'token' } },
      ],
    },
  })
  t.strictSame(await credentialsOf(join(folder, 'config')), {
    tls: { ca: Buffer.from('the CA'), cert: Buffer.from('our certificate'), key: Buffer.from('our key') },
    headers: { Authorization: 'Bearer our token' },
  })
})

t.test('what else a cluster and a user may say', async t => {
  const folder = writeFiles(t, {
    config: {
      ...complete,
      clusters: [
        {
          name: 'c',
          cluster: {
            server: 'https://c.example/k8s/',
            'proxy-url': 'http://p.example',
            'tls-server-name': 'other.example',
            'insecure-skip-tls-verify': true,
            'certificate-authority-data': btoa('the CA'),
            'certificate-authority': '/no/such.crt',
          },
        },
      ],
      users: [
        {
          name: 'u',
          user: {
            'client-certificate-data': btoa('our certificate'),
            'client-key-data': btoa('our key'),
            username: 'ann',
            password: 'hush',
            as: 'bob',
            'as-uid': '7',
            'as-groups': ['a', 'b'],
          },
        },
      ],
    },
  })
  const file = join(folder, 'config')
  t.match(loadKubeConfig({ file, env: {} }), {
    kubeConfig: { server: 'https://c.example/k8s', proxyUrl: 'http://p.example' },
  })
  t.strictSame(await credentialsOf(file), {
    tls: {
      ca: Buffer.from('the CA'),
      cert: Buffer.from('our certificate'),
      key: Buffer.from('our key'),
      rejectUnauthorized: false,
      servername: 'other.example',
    },
    headers: {
      Authorization: `Basic ${btoa('ann:hush')}`,
      'Impersonate-User': 'bob',
      'Impersonate-Uid': '7',
      'Impersonate-Group': ['a', 'b'],
    },
  })
})

t.test('only the context that is asked for has to be complete', async t => {
  const odd = [{ name: 'odd' }, { context: {} }, 'text', { name: 'work', context: { cluster: 'other' } }]
  const contexts = [{ name: 'half', context: { namespace: 'a' } }, ...complete.contexts, ...odd]
  const folder = writeFiles(t, { config: { ...complete, contexts, clusters: [...complete.clusters, { name: 'd' }] } })
  const file = join(folder, 'config')
  t.equal(
    serverOf(loadKubeConfig({ file, env: {} })),
    'https://c.example:6443',
    'and of two with one name the first counts',
  )
  t.match(loadKubeConfig({ file, context: 'half', env: {} }), {
    ok: false,
    fault: /is incomplete \(contexts\[0\]\.context\.cluster is missing\)/,
  })
  t.match(loadKubeConfig({ file, context: 'odd', env: {} }), {
    ok: false,
    fault: /is incomplete \(contexts\[3\]\.context\.cluster is missing\)/,
  })
})

t.test('files of KUBECONFIG are merged, what comes first wins, and missing ones are left out', async t => {
  const folder = writeFiles(t, {
    one: { ...complete, 'current-context': undefined, users: [] },
    two: {
      'current-context': 'play',
      clusters: [{ name: 'c', cluster: { server: 'https://not-this-one.example' } }],
      users: [{ name: 'u', user: { token: 'hush' } }],
      contexts: [],
    },
  })
  const path = (name: string) => join(folder, name)
  const result = loadKubeConfig({ env: { KUBECONFIG: `${path('none')}:${path('one')}::${path('two')}` } })
  t.equal(serverOf(result), 'https://c.example:6443')
  t.match(result, { namespace: 'toys' })
  t.match(loadKubeConfig({ env: { KUBECONFIG: path('none') } }), {
    ok: false,
    fault: /^No file of KUBECONFIG \(.*none\)/,
  })
})

t.test('the file in the home folder', async t => {
  const folder = writeFiles(t, { '.kube/config': complete })
  t.equal(serverOf(loadKubeConfig({ env: { HOME: folder, KUBECONFIG: '' } })), 'https://c.example:6443')
  t.match(loadKubeConfig({ env: { HOME: folder } }), { namespace: 'default' }, 'and a namespace, if it names none')
})

t.test('the credentials of a Pod', async t => {
  const account = 'var/run/secrets/kubernetes.io/serviceaccount'
  const root = writeFiles(t, {
    [`${account}/token`]: 'hush',
    [`${account}/ca.crt`]: 'x',
    [`${account}/namespace`]: 'regcred-system\n',
  })
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
  const own = loadKubeConfig({ root, env })
  t.equal(serverOf(own), 'https://[fd00::1]:443')
  t.match(own, { ok: true, namespace: /^regcred-system$/ }, 'and its own namespace')
  t.strictSame(own.ok && (await own.kubeConfig.credentials()), {
    tls: { ca: Buffer.from('x') },
    headers: { Authorization: 'Bearer hush' },
  })
  t.equal(
    serverOf(loadKubeConfig({ root, env: { ...env, KUBERNETES_SERVICE_HOST: '10.0.0.1' } })),
    'https://10.0.0.1:443',
  )
  t.match(loadKubeConfig({ root: '/no/such/folder', env }), { ok: false, fault: /^There is no kubeconfig/ })
  rmSync(join(root, account, 'namespace'))
  t.match(loadKubeConfig({ root, env }), { ok: true, namespace: 'default' })
})

t.test('nothing at all', async t => {
  t.strictSame(loadKubeConfig({ env: {} }), {
    ok: false,
    fault: 'There is no kubeconfig: pass --kubeconfig, set KUBECONFIG, or run in a Pod with a ServiceAccount.',
  })
  const home = writeFiles(t, {})
  t.match(loadKubeConfig({ env: { HOME: home } }), { ok: false, fault: /^There is no kubeconfig/ })
})

t.test('the surroundings are those of the process unless others are given', async t => {
  const folder = writeFiles(t, { config: complete })
  const { KUBECONFIG } = process.env
  process.env['KUBECONFIG'] = join(folder, 'config')
  t.teardown(() => {
    delete process.env['KUBECONFIG']
    if (KUBECONFIG !== undefined) process.env['KUBECONFIG'] = KUBECONFIG
  })
  t.equal(serverOf(loadKubeConfig({})), 'https://c.example:6443')
})

const cluster = (change: object) => ({ ...complete, clusters: [{ name: 'c', cluster: change }] })
const user = (change: object) => ({ ...complete, users: [{ name: 'u', user: change }] })

const faults = [
  {
    name: 'not YAML, and no line of it is repeated',
    content: 'users:\n- name: u\n  user: {token: hush',
    fault: /^The kubeconfig \S+ is not YAML \(line \d+\): correct it or pass another with --kubeconfig\.$/,
  },
  { name: 'empty', content: '', fault: /is not a kubeconfig: correct it/ },
  { name: 'a text', content: 'hush', fault: /is not a kubeconfig: correct it/ },
  { name: 'nothing in it', content: '{}', fault: /^The kubeconfig has no current-context: the kubeconfig has none\.$/ },
  {
    name: 'aliases without end',
    content: [
      'a: &a [x, x, x, x]',
      ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
    ].join('\n'),
    fault: /is not YAML \(line \d\): correct it/,
  },
  {
    name: 'a token that is a number',
    content: user({ token: 5 }),
    fault: /is not a kubeconfig \(users\[0\]\.user\.token must be a string\)/,
  },
  {
    name: 'a group without a user',
    content: user({ 'as-groups': ['a'] }),
    fault: /is incomplete \(users\[0\]\.user\.as is missing\)/,
  },
  {
    name: 'a uid without a user',
    content: user({ 'as-uid': '7' }),
    fault: /is incomplete \(users\[0\]\.user\.as is missing\)/,
  },
  {
    name: 'a context without a user',
    content: { ...complete, contexts: [{ name: 'work', context: { cluster: 'c' } }] },
    fault: /is incomplete \(contexts\[0\]\.context\.user is missing\)/,
  },
  {
    name: 'a cluster without a server',
    content: cluster({ name: 'c' }),
    fault: /is incomplete \(clusters\[0\]\.cluster\.server is missing\): correct it/,
  },
  {
    name: 'a server that is a number',
    content: cluster({ server: 5 }),
    fault: /is not a kubeconfig \(clusters\[0\]\.cluster\.server must be a string\)/,
  },
  {
    name: 'no current context',
    content: { ...complete, 'current-context': '' },
    fault: /^The kubeconfig has no current-context: pass one of work, play with --context\.$/,
  },
  {
    name: 'another context',
    content: { ...complete, 'current-context': 'home' },
    fault: /^There is no context "home": pass one of work, play with --context\.$/,
  },
  {
    name: 'no such cluster',
    content: { ...complete, clusters: [] },
    fault: /^The context "work" names the cluster "c", which is not in the kubeconfig\.$/,
  },
  {
    name: 'no such user',
    content: { ...complete, users: [] },
    fault: /^The context "work" names the user "u", which is not in the kubeconfig\.$/,
  },
  {
    name: 'no TLS',
    content: cluster({ server: 'http://c.example' }),
    fault: /is reached without TLS \(http:\/\/c\.example\)/,
  },
  { name: 'no URL', content: cluster({ server: 'c.example' }), fault: /has no usable server \("c\.example"\)/ },
  {
    name: 'a proxy of a kind we cannot use',
    content: cluster({ server: 'https://c.example', 'proxy-url': 'socks4://p.example' }),
    fault: /has a proxy-url that is neither/,
  },
  {
    name: 'a proxy that is no URL',
    content: cluster({ server: 'https://c.example', 'proxy-url': 'p.example' }),
    fault: /has a proxy-url that is neither/,
  },
  {
    name: 'a certificate that is not there',
    content: user({ 'client-certificate': '/no/such.crt' }),
    fault: /^The kubeconfig names the file \/no\/such\.crt, which cannot be read \(ENOENT\)\.$/,
  },
]

for (const { name, content, fault } of faults) {
  t.test(`a kubeconfig that will not do: ${name}`, async t => {
    const folder = writeFiles(t, { config: content })
    const result = loadKubeConfig({ file: join(folder, 'config'), env: {} })
    t.match(result, { ok: false, fault })
    t.notMatch(result, { fault: /hush/ })
  })
}

t.test('what will do, though it is unusual', async t => {
  const contents = [
    cluster({ server: 'http://c.example', 'insecure-skip-tls-verify': true }),
    cluster({ server: 'https://c.example', 'proxy-url': 'socks5://p.example' }),
    cluster({ server: 'https://c.example', 'proxy-url': null, 'certificate-authority': '' }),
    { ...complete, preferences: {}, extensions: [] },
  ]
  for (const content of contents) {
    const folder = writeFiles(t, { config: content })
    t.equal(loadKubeConfig({ file: join(folder, 'config'), env: {} }).ok, true)
  }
})

t.test('where nobody checks who answers, that is told', async t => {
  const risk = 'Anybody in between can read the token and pull secrets: give certificate-authority-data instead.'
  const of = (server: string, skips: boolean) => {
    const folder = writeFiles(t, { config: cluster({ server, 'insecure-skip-tls-verify': skips }) })
    return loadKubeConfig({ file: join(folder, 'config'), env: {} })
  }
  const how = 'is reached without checking its certificate (insecure-skip-tls-verify)'
  t.match(of('https://c.example', true), { ok: true, insecure: `${how}. ${risk}` })
  t.match(of('http://c.example', true), { ok: true, insecure: /is reached without TLS \(insecure-skip/ })
  t.notHas(of('https://c.example', false), { insecure: String })
})

t.test('who logs in by a plugin is asked of client-node, and its path is relative to the file', async t => {
  const credential = { status: { token: 'of-the-plugin' } }
  const script = `#!${process.execPath}\nconsole.log('${JSON.stringify(credential)}')\n`
  const folder = writeFiles(t, { 'bin/plugin': script, config: user({ exec: { command: './bin/plugin' } }) })
  chmodSync(join(folder, 'bin/plugin'), 0o755)
  t.match(await credentialsOf(join(folder, 'config')), { headers: { Authorization: 'Bearer of-the-plugin' } })
  const token = `e30.${btoa(JSON.stringify({ exp: 4_102_444_800 })).replaceAll('=', '')}.sig`
  writeFileSync(
    join(folder, 'config'),
    JSON.stringify(user({ 'auth-provider': { name: 'oidc', config: { 'id-token': token } } })),
  )
  t.match(await credentialsOf(join(folder, 'config')), { headers: { Authorization: `Bearer ${token}` } })
})

t.test('a file that is not there, or that may not be read', async t => {
  t.strictSame(loadKubeConfig({ file: '/no/such/config', env: {} }), {
    ok: false,
    fault: 'The kubeconfig /no/such/config cannot be read (ENOENT): pass one with --kubeconfig.',
  })
  const folder = writeFiles(t, {})
  t.match(loadKubeConfig({ file: folder, env: {} }), { ok: false, fault: /cannot be read \(EISDIR\)/ })
})

t.test('a bug is not taken for a fault', async t => {
  const env = {
    get KUBECONFIG(): string {
      throw new RangeError('a bug')
    },
  }
  t.throws(() => loadKubeConfig({ env }), new RangeError('a bug'))
})
