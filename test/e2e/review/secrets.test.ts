import t from 'tap'
import { recreated, recreatedFromLogin } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, dockerConfig, namespace, pullSecret } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { ourAnnotations } from '../regcred/observe.ts'
import { startRecorder } from '../traffic/recorder.ts'

const { controlPlane, regcred } = await withCluster(t, { registration: false })
const { kubectl } = controlPlane
const recorder = await startRecorder(regcred)
t.teardown(() => recorder.close())

t.before(async () => {
  await regcred.register(recorder)
  outputOf(
    await apply(kubectl, namespace('team-a'), namespace('strict', { labels: { 'regcred.dev/mode': 'enforce' } })),
  )
})

/** The config.json of a machine whose credentials are in a store of its own. */
const STORE = { auths: { 'https://index.docker.io/v1/': {}, 'ghcr.io': {} }, credsStore: 'desktop' }

t.test('a config.json that only names a credential store', async t => {
  const file = `${t.testdir({ 'config.json': JSON.stringify(STORE) })}/config.json`
  const type = '--type=kubernetes.io/dockerconfigjson'
  const upload = ['create', 'secret', 'generic', 'mac', `--from-file=.dockerconfigjson=${file}`, type]
  const stderr =
    'Warning: Secret mac: Secret "mac" holds no usable credentials, only the name of the credential store "desktop"; ' +
    `${recreatedFromLogin('mac', 'team-a')}\n`
  const made = await kubectl([...upload, '--namespace=team-a'])
  t.same(made, { code: 0, stdout: 'secret/mac created\n', stderr })
  const filter = { verb: 'create', resource: 'secrets', namespace: 'team-a', name: 'mac' }
  t.same(await ourAnnotations(controlPlane, filter), {
    'secrets.regcred.dev/findings': 'SecretWithoutCredentials mayBlock secret=mac',
    'secrets.regcred.dev/mode': 'warn',
  })
})

const faults: { name: string; namespace?: string; config: unknown; warnings: string[] }[] = [
  {
    name: 'credential helpers alone',
    config: { auths: {}, credHelpers: { 'ghcr.io': 'ecr-login' } },
    warnings: ['Secret "SECRET" holds no usable credentials, only the name of the credential store "ecr-login"; LOGIN'],
  },
  { name: 'nothing', config: { auths: {} }, warnings: ['Secret "SECRET" holds no usable credentials; LOGIN'] },
  {
    name: 'a key that covers nothing',
    config: { auths: { 'https://index.docker.io/v1': { username: 'u', password: 'p' } } },
    warnings: [
      'the registry in Secret "SECRET" is written "https://index.docker.io/v1", which never matches an image; write "https://index.docker.io/v1/"',
    ],
  },
  {
    name: 'an auth that is none, where refusing is allowed',
    namespace: 'strict',
    config: { auths: { 'ghcr.io': { auth: 'bm9jb2xvbg==' } } },
    warnings: [
      'Secret "SECRET" is broken (auth is not user:password), so Kubernetes pulls nothing for a Pod that names it; RECREATE',
    ],
  },
]

for (const [i, { name, namespace = 'team-a', config, warnings }] of faults.entries()) {
  t.test(`a pull secret with ${name} is warned of once, and not refused`, async t => {
    const secret = `case-${i}`
    const lines = warnings.map(line =>
      line
        .replace('SECRET', secret)
        .replace('RECREATE', recreated(secret, namespace))
        .replace('LOGIN', recreatedFromLogin(secret, namespace)),
    )
    const stderr = lines.map(line => `Warning: Secret ${secret}: ${line}\n`).join('')
    const made = await apply(kubectl, dockerConfig(namespace, secret, config))
    t.same(made, { code: 0, stdout: `secret/${secret} created\n`, stderr })
    const labelled = await kubectl(['label', 'secret', secret, 'a=b', `--namespace=${namespace}`])
    t.same(labelled, { code: 0, stdout: `secret/${secret} labeled\n`, stderr: '' })
    const mended = await apply(kubectl, pullSecret(namespace, secret, 'ghcr.io'))
    t.same(mended, { code: 0, stdout: `secret/${secret} configured\n`, stderr: '' })
    const broken = await apply(kubectl, dockerConfig(namespace, secret, config))
    t.same(broken, { code: 0, stdout: `secret/${secret} configured\n`, stderr }, 'an update is warned of as well')
  })
}

t.test('no other Secret is ever sent to us', async t => {
  const before = recorder.calls.length
  const here = '--namespace=team-a'
  const token = {
    type: 'kubernetes.io/service-account-token',
    annotations: { 'kubernetes.io/service-account.name': 'default' },
  }
  const others = [
    { name: 'opaque', type: 'Opaque', stringData: { '.dockerconfigjson': JSON.stringify(STORE) } },
    { name: 'token', ...token, stringData: {} },
    { name: 'basic', type: 'kubernetes.io/basic-auth', stringData: { username: 'u', password: 'p' } },
    { name: 'own', type: 'example.com/kubernetes.io-dockerconfigjson', stringData: { a: 'b' } },
  ]
  for (const { name, type, stringData, ...more } of others) {
    const annotations = 'annotations' in more ? more.annotations : {}
    const metadata = { name, namespace: 'team-a', annotations }
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type, stringData }
    t.same(await apply(kubectl, secret), { code: 0, stdout: `secret/${name} created\n`, stderr: '' })
    const patch = ['patch', 'secret', name, '--patch={"stringData":{"more":"x"}}', here]
    t.same(await kubectl(patch), { code: 0, stdout: `secret/${name} patched\n`, stderr: '' })
    t.equal((await kubectl(['delete', 'secret', name, here])).code, 0)
  }
  t.equal(recorder.calls.length, before)
  outputOf(await apply(kubectl, pullSecret('team-a', 'observer', 'ghcr.io')))
  t.equal(recorder.calls.length, before + 1, 'the recorder sees a pull secret')
  outputOf(await kubectl(['delete', 'secret', 'observer', here]))
  t.equal(recorder.calls.length, before + 1, 'and not that it goes')
  const types = recorder.calls
    .filter(({ review }) => review.request.kind.kind === 'Secret')
    .map(({ review }) => review.request.object?.['type'])
  t.same([...new Set(types)], ['kubernetes.io/dockerconfigjson'])
})

t.test('a Namespace with a label value that does not exist', async t => {
  const warning = (label: string, value: string, advice: string) =>
    `Warning: Namespace team-b: label regcred.dev/${label} has the unknown value "${value}" and is ignored; ${advice}\n`
  const enfroce = warning(
    'mode',
    'enfroce',
    'did you mean "enforce"? kubectl label --overwrite namespace team-b regcred.dev/mode=enforce',
  )
  const labels = { 'regcred.dev/mode': 'enfroce', 'regcred.dev/inject': 'maybe' }
  t.same(await apply(kubectl, namespace('team-b', { labels })), {
    code: 0,
    stdout: 'namespace/team-b created\n',
    stderr:
      enfroce +
      warning(
        'inject',
        'maybe',
        'use one of enabled, disabled, or remove it: kubectl label namespace team-b regcred.dev/inject-',
      ),
  })
  const label = (...args: string[]) => kubectl(['label', 'namespace', 'team-b', '--overwrite', ...args])
  const silent = { code: 0, stdout: 'namespace/team-b labeled\n', stderr: '' }
  t.same(await label('a=b'), silent, 'it is said once')
  t.same(await label('regcred.dev/mode=enforce', 'regcred.dev/inject=enabled'), silent)
  t.same(await label('regcred.dev/mode=enfroce'), { ...silent, stderr: enfroce })
  const noLonger =
    'Warning: Namespace team-b: pull secrets are no longer added to its Pods (regcred.dev/inject=disabled); to go on adding them: ' +
    'kubectl label --overwrite namespace team-b regcred.dev/inject=enabled\n'
  t.same(await label('regcred.dev/mode=warn', 'regcred.dev/inject=disabled'), { ...silent, stderr: noLonger })
})
