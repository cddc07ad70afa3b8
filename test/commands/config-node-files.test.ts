import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { configCommand } from '../../src/commands/config.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { CommandError } from '../../src/runtime/command-error.ts'
import { ROOT, run } from './spawn.ts'

/** A password that stands in every place of these files in which there may be one. */
const PASSWORD = 'hunter2'
const BASIC = Buffer.from(`me:${PASSWORD}`).toString('base64')
const FILES = {
  'credential-providers.yaml': `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: ecr-credential-provider
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    defaultCacheDuration: 12h
    matchImages: ["*.dkr.ecr.*.amazonaws.com", "me:${PASSWORD}@registry.example.com"]
    args: [--password=${PASSWORD}]
    env: [{name: PASSWORD, value: ${PASSWORD}}]
  - name: by-annotation
    matchImages: [g.example.com]
    tokenAttributes: {requiredServiceAccountAnnotationKeys: [example.com/role]}
`,
  'config.toml': `version = 2
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "/etc/containerd/certs.d"
[plugins."io.containerd.grpc.v1.cri".registry.configs."mirror.example.com".auth]
username = "me"
password = "${PASSWORD}"
[plugins."io.containerd.grpc.v1.cri".registry.configs."me:${PASSWORD}@odd.example.com".auth]
auth = "${BASIC}"
`,
  'certs.d': {
    'ghcr.io': { 'hosts.toml': `[host."https://me:${PASSWORD}@mirror.example.com"]\n` },
    'quay.io': {
      'hosts.toml': `[host."https://me:${PASSWORD}@a.example.com".header]\nauthorization = "Basic ${BASIC}"\n`,
    },
  },
  'registries.yaml': `mirrors:
  "me:${PASSWORD}@b.example.com": {endpoint: ["https://me:${PASSWORD}@mirror.example.com"]}
configs:
  c.example.com: {auth: {username: me, password: ${PASSWORD}, identity_token: ${PASSWORD}}}
`,
  'sets.yaml': `apiVersion: config.openshift.io/v1
kind: ImageTagMirrorSet
spec:
  imageTagMirrors: [{source: "me:${PASSWORD}@d.example.com", mirrors: ["me:${PASSWORD}@e.example.com"]}]
`,
  'config.json': JSON.stringify({ auths: { [`https://me:${PASSWORD}@f.example.com`]: { auth: BASIC } } }),
}

const ANNOTATED = { pattern: 'g.example.com', serviceAccountAnnotations: ['example.com/role'] }

t.test('as a user types it: what it prints is a configuration, and holds no credentials', async t => {
  const folder = t.testdir(FILES)
  const { status, out, err } = await run('config', '--node-files', folder)
  t.equal(err, '')
  t.equal(status, 0)
  t.notMatch(out, new RegExp(`${PASSWORD}|${BASIC}`))
  t.match(
    out,
    `    # ${folder}/credential-providers.yaml:7: credential provider ecr-credential-provider\n    - "*.dkr.ecr`,
  )
  const reading = parseConfiguration(out, 'out.yaml')
  const node = [
    'ghcr.io',
    'f.example.com',
    'mirror.example.com',
    '*.dkr.ecr.*.amazonaws.com',
    ANNOTATED,
    'c.example.com',
  ]
  t.strictSame(reading.ok && reading.settings.registries.node, node)
})

t.test('errors are on stderr, a line each, with status 2 and nothing on stdout', async t => {
  const folder = t.testdir({ ...FILES, 'bad.toml': `password = "${PASSWORD}\n` })
  const { status, out, err } = await run('config', '--node-files', folder, join(ROOT, 'package.json'))
  t.equal(status, 2)
  t.equal(out, '')
  const lines = err.split('\n')
  t.match(lines[0], /bad.toml:1:20: this is not TOML/)
  t.match(lines[1], /package.json: this is no file of a node that regcred knows/)
  t.notMatch(err, PASSWORD)
})

t.test('flags that say what else to print are refused beside it', async t => {
  const { status, err } = await run('config', '--node-files', 'a', '--schema')
  t.equal(status, 2)
  t.match(err, "option '--node-files <path...>' cannot be used with option '--schema'")
})

async function print(...args: string[]): Promise<string> {
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() }
  await configCommand(streams).parseAsync(['--node-files', ...args], { from: 'user' })
  streams.stdout.end()
  return await text(streams.stdout)
}

t.test('as JSON the entries have their reasons, and the remarks are a list', async t => {
  const folder = t.testdir(FILES)
  const { configuration, entries, remarks } = JSON.parse(await print(folder, '-o', 'json'))
  t.equal(entries.length, configuration.registries.node.length)
  t.match(entries[0], { entry: 'ghcr.io', reasons: [/hosts.toml: pulled from mirror.example.com/] })
  t.equal(remarks.length, 5)
  t.notMatch(JSON.stringify(remarks), PASSWORD)
})

t.test('where nothing follows, that is said, and what is printed is a configuration still', async t => {
  const out = await print(join(t.testdir({ 'registries.yaml': 'mirrors: {}\n' }), 'registries.yaml'))
  t.match(out, '\n# No entry follows from these files.\n')
  t.ok(parseConfiguration(out, 'out.yaml').ok)
})

t.test('more than a configuration can hold is refused', async t => {
  const folder = t.testdir({})
  const deep = join(folder, 'x'.repeat(200))
  mkdirSync(deep)
  const configs = Object.fromEntries(
    Array.from({ length: 4500 }, (_, i) => [`${i}.example.com`, { auth: { username: 'u' } }]),
  )
  writeFileSync(join(deep, 'registries.json'), JSON.stringify({ configs }))
  await t.rejects(
    print(deep),
    new CommandError('more follows from these files than a configuration can hold; give those of one node'),
  )
})

t.test('the example of docs/mirrors.md is what it prints', async t => {
  const page = readFileSync(join(ROOT, 'docs/mirrors.md'), 'utf8')
  const [, printed = ''] = /```console\n\$ regcred config --node-files node\/\n([\s\S]*?)```/.exec(page) ?? []
  const folder = t.testdir({
    'config.toml': FILES['config.toml'].split('[plugins."io.containerd.grpc.v1.cri".registry.configs."me:')[0] ?? '',
    'certs.d': { 'registry.example.com': { 'hosts.toml': '[host."https://mirror.example.com"]\n' } },
    'credential-providers.yaml':
      FILES['credential-providers.yaml'].replace(/, "me:[^"]*"/, '').split('  - name: by-')[0] ?? '',
  })
  t.equal((await print(folder)).replaceAll(folder, 'node'), printed)
})
