import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { configCommand } from '../../src/commands/config.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { run } from './spawn.ts'

const pod = (image: string, names: readonly string[] = [], more = '') => `apiVersion: v1
kind: Pod
metadata: {name: p, namespace: team-a}
spec:
  ${more}
  imagePullSecrets: [${names.map(name => `{name: ${name}}`).join(', ')}]
  containers: [{name: c, image: "${image}"}]
`
const ACCOUNT = `apiVersion: v1
kind: ServiceAccount
metadata: {name: builder, namespace: team-a}
imagePullSecrets: [{name: acme}]
`

async function init(input: string, ...args: readonly string[]): Promise<string> {
  const stdout = new PassThrough()
  const streams = { stdin: Readable.from([input]), stdout, stderr: new PassThrough() }
  await configCommand(streams).parseAsync(['init', ...args], { from: 'user' })
  stdout.end()
  return text(stdout)
}

t.test('registries with a pull secret are private, the others a comment', async t => {
  const printed = await init(
    [
      pod('registry.example.com/web:1', ['acme']),
      pod('registry.example.com/web:2'),
      pod('registry.example.com/web:2'),
      pod('nginx'),
      pod('ghcr.io/acme/web', ['acme']),
      pod('quay.io/other/web'),
      pod('a.example.org/x'),
      pod('b.example.org/x', [], 'serviceAccountName: builder'),
      pod('Not an image', ['acme']),
      ACCOUNT,
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: none}\n',
    ].join('---\n'),
  )
  t.equal(
    printed,
    `# A first configuration, from 9 objects that pull images, by regcred config init.
# An image of a private registry that no pull secret covers is an error.

apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration
registries:
  private:
    # 2 images, 1 with a pull secret
    - registry.example.com
    # 1 image, 1 with a pull secret
    - b.example.org
    # 1 image, 1 with a pull secret
    - ghcr.io/acme

# List these under private, public, or node where the nodes log in themselves:
#   a.example.org (1 image, none with a pull secret)
# Listed by default:
#   docker.io: public (1 image, none with a pull secret)
#   quay.io/other: mixed (1 image, none with a pull secret)
`,
  )
  const reading = parseConfiguration(printed, 'regcred.yaml')
  t.match(reading, {
    ok: true,
    settings: { registries: { private: ['registry.example.com', 'b.example.org', 'ghcr.io/acme'] } },
  })
})

t.test('where nothing has a pull secret, nothing is private', async t => {
  const account = ACCOUNT.replace(', namespace: team-a', '')
  const printed = await init([pod('a.example.org/x'), account].join('---\n'), '-')
  t.equal(
    printed,
    `# A first configuration, from 1 object that pulls images, by regcred config init.
# No registry that is not listed by default has a pull secret here.

apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration

# List these under private, public, or node where the nodes log in themselves:
#   a.example.org (1 image, none with a pull secret)
`,
  )
  t.match(parseConfiguration(printed, 'regcred.yaml'), { ok: true })
  const listed = await init(pod('nginx'))
  t.notMatch(listed, 'List these')
})

t.test('parts of a registry that are of different classes are told apart', async t => {
  const images = ['gcr.io/distroless/a', 'gcr.io/x/y', 'nginx', 'acme/x', 'acme/y']
  const printed = await init([...images.map(image => pod(image)), pod('public.ecr.aws/a', ['a'])].join('---\n'))
  for (const line of [
    'gcr.io: public (1 image',
    'gcr.io/x: mixed (1 image',
    'docker.io: public (1',
    'docker.io/acme: mixed (2',
  ])
    t.match(printed, `#   ${line}`)
})

t.test('what cannot be a pattern is a comment, and no text gets out of it', async t => {
  const printed = await init(pod('[fd00::1]:5000/x', ['a']))
  t.match(parseConfiguration(printed, 'regcred.yaml'), { ok: true })
})

t.test('files are named as everywhere, and -f behind init is its own', async t => {
  const file = `${t.testdir({ 'pod.yaml': pod('registry.example.com/web:1', ['acme']) })}/pod.yaml`
  for (const args of [[file], ['-f', file], ['--filename', file]]) {
    const { status, out } = await run('config', 'init', ...args)
    t.equal(status, 0)
    t.match(out, '    - registry.example.com\n')
  }
})

t.test('mistakes are one sentence', async t => {
  await t.rejects(init('kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n'), {
    message: 'no object of these files pulls an image: there is no Pod and no Pod template among them',
  })
  await t.rejects(init('a: ['), { message: /^-:/ })
  const stdin = Object.assign(Readable.from([]), { isTTY: true })
  const command = configCommand({ stdin, stdout: new PassThrough(), stderr: new PassThrough() })
  await t.rejects(command.parseAsync(['init'], { from: 'user' }), {
    message: 'give a file, a folder or -: regcred config init k8s/',
  })
  t.match(await run('config', 'init', '--bogus'), { status: 2, err: /see regcred config init --help/ })
})

t.test('more registries than a configuration can hold are too many', async t => {
  const containers = Array.from({ length: 30_000 }, (_, i) => ({
    name: `c${i}`,
    image: `r${i}.example.com/some/image`,
  }))
  const many = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } }
  await t.rejects(init(JSON.stringify(many)), { message: /more registries than a configuration can hold/ })
})
