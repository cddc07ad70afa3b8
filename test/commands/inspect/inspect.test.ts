import { join } from 'node:path'
import t, { type Test } from 'tap'
import { inspectCommand } from '../../../src/commands/inspect/inspect.ts'
import type { Exchange } from '../../kube/fake-api-server.ts'
import { standFor } from '../ask/asked-cluster.ts'
import { HELD, MIXED } from '../ask/objects.ts'
import { runCommand, transcriptOf } from '../ask/run-command.ts'
import { matchTranscript } from '../ask/transcripts.ts'

const FOLDER = join(import.meta.dirname, 'transcripts')
const matches = (test: Test, name: string, said: string) => matchTranscript(test, join(FOLDER, `${name}.txt`), said)

async function inspect(test: Test, args: readonly string[], answer?: (exchange: Exchange) => boolean, input = '') {
  const { kubeconfig } = await standFor(test, HELD, answer)
  const said = await runCommand(inspectCommand, [...args, '--kubeconfig', kubeconfig], input)
  return transcriptOf(`regcred inspect ${args.join(' ')}`.trim(), said)
}

const cases: readonly [name: string, ...args: string[]][] = [
  ['secret', 'regcred'],
  ['image', 'regcred', '--image', 'ghcr.io/acme/web:1'],
  ['image-of-nobody', 'good', '--image', 'ghcr.io/acme/web:1'],
  ['good', 'secret/good'],
  ['wrong-type', 'opaque'],
  ['broken', 'broken'],
  ['store', 'store'],
  ['kept-by-helm', 'helm-kept'],
  ['expired', 'expired'],
  ['useless/to-be-filled', 'later'],
  ['useless/no-docker-config', 'plain'],
  ['useless/misspelt', 'regcerd'],
  ['useless/no-name', 'secret/'],
  ['json/json', 'regcred', '-o', 'json'],
  ['json/json-to-be-filled', 'later', '-o', 'json'],
  ['useless/invalid-image', 'regcred', '--image', 'FOO'],
  ['all'],
  ['useless/other-namespace', '-n', 'team-b'],
]

for (const [name, ...args] of cases)
  t.test(name.replaceAll(/[-/]/g, ' '), async t => matches(t, name, await inspect(t, args)))

const forbidden =
  (...resources: string[]) =>
  (exchange: Exchange) => {
    const isOne = resources.some(resource => exchange.path.endsWith(`/${resource}`))
    if (isOne) exchange.status(403, 'Forbidden')
    return isOne
  }

t.test('what may not be listed is told, and takes nothing from the rest', async t => {
  matches(t, 'unlisted', await inspect(t, ['good'], forbidden('pods', 'deployments')))
})

t.test('a Secret that may not be read is an error', async t => {
  matches(t, 'useless/forbidden', await inspect(t, ['regcred'], forbidden('secrets/regcred', 'secrets')))
})

t.test('a Secret that is none', async t => {
  const said = await inspect(t, ['good'], exchange => {
    const isOne = exchange.path.endsWith('/secrets/good')
    if (isOne) exchange.json({ metadata: { name: 'good', resourceVersion: '1' }, type: 5 })
    return isOne
  })
  t.match(said, 'regcred: the API server sent a Secret that is none: type must be a string\nexit status 2')
})

t.test('a docker config, by its path or from standard input', async t => {
  const folder = t.testdir({ 'config.json': JSON.stringify(MIXED) })
  const before = process.cwd()
  process.chdir(folder)
  const named = await runCommand(inspectCommand, ['config.json'])
  process.chdir(before)
  matches(t, 'docker-config', transcriptOf('regcred inspect config.json', named))
  const piped = await runCommand(inspectCommand, ['-'], JSON.stringify(MIXED))
  t.equal(piped.out.split('\n').slice(1).join('\n'), named.out.split('\n').slice(1).join('\n'))
  t.match(piped.out, /^standard input, a docker config\n/)
})

t.test('what can be read of several files is shown, and the rest is told', async t => {
  const folder = t.testdir({ 'a.json': JSON.stringify(MIXED), 'b.json': '{' })
  const { status, out, err } = await runCommand(inspectCommand, [
    '-f',
    join(folder, 'a.json'),
    '-f',
    join(folder, 'b.json'),
  ])
  t.equal(status, 2)
  t.match(out, 'REGISTRY')
  t.match(err, /^regcred: .*b.json:1/)
})

t.test('a docker config that is not JSON is one that Kubernetes cannot read', async t => {
  const { status, out } = await runCommand(inspectCommand, ['-'], '{"auths": {"ghcr.io": {}},}')
  t.equal(status, 1)
  t.match(out, /^standard input, a docker config\n✖ as a pull secret it is broken \(it is not JSON\)\nNext:\n/)
})

t.test('where there is nothing to inspect, it is said what there is instead', async t => {
  const nothing = async (input: string, ...args: string[]) => (await runCommand(inspectCommand, args, input)).err
  t.equal(await nothing('', '-'), 'regcred: standard input is empty. Did the command before it fail?\n')
  t.match(await nothing('{}', '-'), 'there is no docker config and no pull secret in standard input; give one')
  const folder = t.testdir({ 'a.json': '{}', 'b.json': '{' })
  t.match(
    await nothing('', join(folder, 'a.json')),
    /no pull secret in .*a.json; give one, e.g. ~\/.docker\/config.json/,
  )
  t.match(await nothing('', join(folder, 'b.json')), /b.json:1/)
})

t.test('several entries are tried in order, and many remedies are counted', async t => {
  const login = { username: 'a', password: 'p' }
  const bad = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`r${i}.example.com/*`, login]))
  const auths = {
    'ghcr.io': login,
    'ghcr.io/acme': login,
    'ghcr.io/acme/web': login,
    'ghcr.io/acme/w': login,
    'ghcr.io/a': login,
    ...bad,
  }
  const stringData = { '.dockerconfigjson': JSON.stringify({ auths }) }
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData,
  }
  const { out } = await runCommand(inspectCommand, ['-', '--image', 'ghcr.io/acme/web'], JSON.stringify(secret))
  matches(t, 'many', transcriptOf('regcred inspect - --image ghcr.io/acme/web', { status: 1, out, err: '' }))
})

t.test('a name and files are not given at once', async t => {
  const { status, err } = await runCommand(inspectCommand, ['regcred', '-f', 'a.yaml'])
  t.equal(status, 2)
  t.match(err, 'give the name of a Secret, or files, and not both')
})
