import t from 'tap'
import { inspectDockerConfig } from '../../src/inspection/inspect-docker-config.ts'
import { inspectSecret } from '../../src/inspection/inspect-secret.ts'
import { isFine } from '../../src/inspection/inspected.ts'

const options = { namespace: 'team-a', now: 0 }
const LOGIN = { username: 'jane', password: 'hunter2' }
const TYPE = 'kubernetes.io/dockerconfigjson'
const withAuths = (auths: object) => ({ '.dockerconfigjson': JSON.stringify({ auths }) })

t.test('a Secret of a file may have neither name nor metadata nor type', async t => {
  t.match(inspectSecret({ stringData: withAuths({ 'ghcr.io': LOGIN }) }, options), {
    name: '(no name)',
    namespace: 'team-a',
    type: 'Opaque',
    problem: 'Secret "(no name)" has type Opaque, so Kubernetes does not use it',
    advice: ['write it anew'],
    foundUnder: '.dockerconfigjson',
  })
  const metadata = { name: 'acme', namespace: 'team-b' }
  const secret = inspectSecret({ metadata, type: TYPE, stringData: withAuths({ 'ghcr.io': LOGIN }) }, options)
  t.match(secret, { name: 'acme', namespace: 'team-b', entries: [{ registry: 'ghcr.io', works: true }] })
  t.ok(isFine(secret))
})

t.test('nobody can say what an encrypted Secret holds', async t => {
  const metadata = { name: 'acme' }
  const encrypted = inspectSecret({ metadata, type: TYPE, stringData: { '.dockerconfigjson': 'ENC[x]' } }, options)
  t.strictSame([encrypted.isUnread, encrypted.entries, isFine(encrypted)], [true, [], false])
})

t.test('an old dockercfg is made again of a login, since the command makes a Secret of today', async t => {
  const metadata = { name: 'acme', uid: 'x' }
  const secret = {
    metadata,
    type: 'kubernetes.io/dockercfg',
    stringData: { '.dockercfg': '{"hub.docker.com": {"auth": "YTpi"}, "ghcr.io": {"auth": "YTpi"}}' },
  }
  t.match(inspectSecret(secret, options), {
    advice: [/--docker-server=SERVER/],
    entries: [{ works: false }, { works: true }],
  })
})

t.test('the annotation of its writer says that a password is right', async t => {
  const stringData = withAuths({ 'ghcr.io': { username: 'jane', password: 'hunter2 ' } })
  const annotations = { 'regcred.dev/ignore': 'CredentialsDoubtful' }
  t.notOk(isFine(inspectSecret({ metadata: { name: 'a' }, type: TYPE, stringData }, options)))
  t.ok(isFine(inspectSecret({ metadata: { name: 'a', annotations }, type: TYPE, stringData }, options)))
})

t.test('a docker config of either form is inspected, and one that Kubernetes could not read', async t => {
  const inspect = (config: unknown) => inspectDockerConfig('config.json', JSON.stringify(config), options)
  t.match(inspect({ 'ghcr.io': { auth: 'YTpi' } }), { entries: [{ registry: 'ghcr.io', user: 'a', works: true }] })
  t.ok(
    isFine(inspect({ auths: { 'ghcr.io': LOGIN, 'https://index.docker.io/v1/access-token': {} } })),
    'but for a stash',
  )
  t.match(inspect({ auths: {} }), { problem: 'as a pull secret it holds no usable credentials', entries: [] })
  t.match(inspect({ auths: { 'ghcr.io': { auth: '%' }, 'quay.io': LOGIN } }), {
    problem: 'as a pull secret it is broken (auth is not base64)',
    entries: [{ why: 'auth is not base64' }, { why: 'Kubernetes cannot read this file' }],
  })
  t.match(inspect({ auths: { 'ghcr.io': {}, 'quay.io': LOGIN } }).entries, [{ why: 'no user name and password' }, {}])
  t.match(inspect({ auths: { 'a b': LOGIN } }).entries, [{ works: false, why: /^no image matches it/ }])
})
