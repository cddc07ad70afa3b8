import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { issueCertificate } from '../../src/tls/issue.ts'
import { FakeApiServer } from '../kube/fake-api-server.ts'
import { outcomeOf, ROOT, serve, spawnRegcred } from './spawn.ts'

const { cert, key } = await issueCertificate(['127.0.0.1'])
const folder = t.testdir({
  'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx}]}\n',
  'pod.json': '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": []}}',
  'regcred.yaml': 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\n',
  'config.json': '{"auths": {"ghcr.io": {"username": "a", "password": "b"}}}',
  'secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: \'{"auths": {"ghcr.io": {"username": "a", "password": "b"}}}\'}\n',
  'hosts.toml': 'server = "https://registry.example.com"\n',
  'scan.json':
    '{"version": 1, "causes": [], "waiting": [], "notRead": [], "summary": {"workloads": 0, "willNotPull": 0, "mayNotPull": 0}}',
  'tls.crt': cert,
  'tls.key': key,
})
const file = (name: string) => join(folder, name)

const TLS = ['--tls-cert-file', file('tls.crt'), '--tls-private-key-file', file('tls.key')]
const SERVE = 'close-with-grace,fast-json-patch,fastify,leven,pino,prom-client,tinypool,typebox,yaml'.split(',')
const SECRET = ['--from-docker', '--all']

/** Flags and surroundings of a Node in which our code can load these packages and no others. */
function only(...packages: readonly string[]): { first: readonly string[]; env: NodeJS.ProcessEnv } {
  return {
    first: ['--import', join(import.meta.dirname, 'allow-packages.ts')],
    env: { ALLOWED_PACKAGES: ['commander', ...packages].join() },
  }
}

const cases = [
  { args: ['--version'], packages: [] },
  { args: ['--help'], packages: [] },
  { args: ['check', '--help'], packages: [] },
  { args: ['serve', '--help'], packages: [] },
  { args: ['inspect', '--help'], packages: [] },
  { args: ['can-pull', '--help'], packages: [] },
  { args: ['inspect', file('config.json')], packages: ['leven', 'typebox'] },
  { args: ['inspect', file('secret.yaml')], packages: ['js-yaml', 'leven', 'typebox'] },
  { args: ['can-pull', 'ghcr.io/a/b', '-f', file('config.json')], packages: ['leven', 'typebox'] },
  { args: ['scan', '--help'], packages: [] },
  { args: ['report', '--help'], packages: [] },
  { args: ['report', 'merge', '--help'], packages: [] },
  { args: ['report', 'merge', file('scan.json')], packages: ['typebox'] },
  { args: ['report', 'merge', file('scan.json'), '-o', 'html'], packages: ['eta', 'typebox'] },
  { args: ['snapshot', '--help'], packages: [] },
  { args: ['explain', 'ImageInvalid'], packages: ['leven'] },
  { args: ['secret', '--help'], packages: [] },
  { args: ['completion', 'bash'], packages: [] },
  { args: ['__complete', '--', 'check', ''], packages: [] },
  { args: ['secret', '--list', '--docker-config', file('config.json')], packages: ['leven'] },
  { args: ['secret', 'a', ...SECRET, '--docker-config', file('config.json')], packages: ['leven', 'yaml'] },
  { args: ['secret', 'a', ...SECRET, '--docker-config', file('config.json'), '-o', 'json'], packages: ['leven'] },
  { args: ['config'], packages: ['yaml'] },
  { args: ['config', '--config', file('regcred.yaml')], packages: ['leven', 'typebox', 'yaml'] },
  { args: ['config', '--schema'], packages: ['typebox', 'yaml'] },
  { args: ['config', '--node-files', file('hosts.toml')], packages: ['leven', 'smol-toml', 'typebox', 'yaml'] },
  { args: ['config', '-f', file('pod.yaml')], packages: ['js-yaml', 'leven', 'typebox', 'yaml'] },
  { args: ['check', '-f', file('pod.json')], packages: ['leven', 'typebox'] },
  { args: ['check', '-f', file('pod.yaml')], packages: ['js-yaml', 'leven', 'typebox'] },
  {
    args: ['check', '-f', file('pod.yaml'), '--config', file('regcred.yaml')],
    packages: ['js-yaml', 'leven', 'typebox', 'yaml'],
  },
]

for (const { args, packages } of cases) {
  t.test(
    `regcred ${args.join(' ').replaceAll(folder, '.')} loads no package but ${packages.join() || 'commander'}`,
    async t => {
      const { first, env } = only(...packages)
      const { status, err } = await outcomeOf(spawnRegcred(args, first, env))
      t.equal(status, 0, err)
    },
  )
}

t.test('the loader refuses what is not in the list', async t => {
  const { first, env } = only('leven', 'typebox')
  const { status, err } = await outcomeOf(spawnRegcred(['check', '-f', file('pod.yaml')], first, env))
  t.equal(status, 2)
  t.match(err, /^regcred: this is a bug \(Error\); run it again with REGCRED_DEBUG=1, and report what it prints\n$/)
})

t.test('a server of a cluster that is reached with a token does without client-node', async t => {
  const api = await FakeApiServer.start()
  t.teardown(() => api.stop())
  const cluster = { server: `http://127.0.0.1:${api.port}`, 'insecure-skip-tls-verify': true }
  const kubeconfig = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }
  writeFileSync(file('kubeconfig'), JSON.stringify(kubeconfig))
  const { first, env } = only(...SERVE, 'js-yaml', 'lru-cache', 'undici')
  const serving = serve(t, [...TLS, '--kubeconfig', file('kubeconfig')], first, env)
  const exchange = await api.next()
  exchange.json({})
  const { child } = await serving
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('a server over manifests loads nothing that only a cluster needs', async t => {
  const { first, env } = only(...SERVE, 'js-yaml')
  const { child } = await serve(t, [...TLS, '--manifests', join(ROOT, 'examples/cluster')], first, env)
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})
