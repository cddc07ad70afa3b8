import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { CommandError } from '../../src/runtime/command-error.ts'
import { run as runProcess } from './spawn.ts'

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'web', image: 'registry.example.com/web' }], imagePullSecrets: [{ name: 'acme' }] },
}

/** Runs the command over an object, or a text, on standard input, unless other paths are given. */
async function run(t: Pick<Test, 'teardown'>, input: unknown, ...args: string[]) {
  const streams = {
    stdin: Readable.from([typeof input === 'string' ? input : JSON.stringify(input)]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  }
  const before = process.exitCode
  t.teardown(() => {
    process.exitCode = before
  })
  await checkCommand(streams).parseAsync(args, { from: 'user' })
  const status = process.exitCode
  process.exitCode = before
  streams.stdout.end()
  streams.stderr.end()
  return { status, out: await text(streams.stdout), err: await text(streams.stderr) }
}

const listOf = (...items: object[]) => ({ apiVersion: 'v1', kind: 'List', items })

const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'acme' },
  type: 'kubernetes.io/dockerconfigjson',
  stringData: { '.dockerconfigjson': '{"auths":{"registry.example.com":{"username":"u","password":"p"}}}' },
}

t.test('nothing found is 0, and missing Secrets are told once on stderr', async t => {
  const { status, out, err } = await run(t, { apiVersion: 'v1', kind: 'List', items: [POD, POD] })
  t.equal(status, 0)
  t.equal(out, '2 objects checked: 0 errors, 0 warnings, 0 notes\n')
  t.equal(
    err,
    'regcred: no pull secret of namespace default is among these files, so I cannot tell which exist there; --cluster looks them up, --known-secrets FILE tells me, --strict assumes that none does\n',
  )
})

t.test('findings are 1, for programs as JSON', async t => {
  const { status, out, err } = await run(t, POD, '--strict', '-o', 'json')
  t.equal(status, 1)
  t.match(JSON.parse(out), {
    version: 1,
    objects: [{ findings: [{ code: 'SecretNotFound' }, { code: 'ImageNotCovered' }] }],
  })
  t.equal(
    err,
    'regcred: 1 image is on a registry not in your configuration; list them there under registries: private, public, or node where the nodes log in themselves\n',
  )
})

t.test('images of registries that the configuration does not list are counted once', async t => {
  const podOf = (name: string, ...images: string[]) => ({
    ...POD,
    metadata: { name },
    spec: { ...POD.spec, containers: images.map((image, i) => ({ name: `c${i}`, image })) },
  })
  const items = [
    podOf('a', 'registry.example.com/web', 'other.example.com/web'),
    podOf('b', 'registry.example.com/web', 'docker.io/library/nginx', 'ghcr.io/acme/web'),
  ]
  const { err } = await run(t, { apiVersion: 'v1', kind: 'List', items }, '--strict')
  t.match(err, /^regcred: 2 images are on registries not in your configuration; list them there/)
})

t.test('what cannot be read is told with its line, beside all that could be, and is 2', async t => {
  const input = `${JSON.stringify(POD)}\n---\n# a comment\napiVersion: v1\nkind: Pod\nspec: none\n`
  const { status, out, err } = await run(t, input)
  t.equal(status, 2)
  t.match(out, /^1 object checked/)
  t.match(err, /^regcred: -:6:7: cannot read this Pod: spec must be a mapping\n/)
})

t.test('objects that name no namespace are in that of --namespace, else in default', async t => {
  const namespaceOf = async (...flags: string[]) => {
    const { out } = await run(t, POD, '-o', 'json', ...flags)
    return JSON.parse(out).objects[0].namespace
  }
  t.equal(await namespaceOf(), 'default')
  t.equal(await namespaceOf('--namespace', 'team-a'), 'team-a')
  t.equal(await namespaceOf('-n', ''), 'default', 'as kubectl takes it')
})

t.test('namespaces without Secrets are told together, and those with references only', async t => {
  const inNamespace = (namespace: string, spec: object) => ({ ...POD, metadata: { name: 'web', namespace }, spec })
  const bare = { containers: POD.spec.containers }
  const items = [
    inNamespace('a', POD.spec),
    inNamespace('b', POD.spec),
    inNamespace('c', bare),
    inNamespace('a', POD.spec),
  ]
  const { err } = await run(t, { apiVersion: 'v1', kind: 'List', items })
  t.match(err, /^regcred: no pull secret of namespace a, b is among these files, .*, --strict assumes that none does\n/)
  t.notMatch((await run(t, { apiVersion: 'v1', kind: 'List', items }, '--strict')).err, /no pull secret/)
})

t.test('the process: its status, and a near name for a flag that is none', async t => {
  const folder = t.testdir({
    'loud.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: UPPER}]}\n',
  })
  const [loud, flag] = await Promise.all([
    runProcess('check', '-f', folder),
    runProcess('check', '-f', folder, '--namespce', 'a'),
  ])
  t.strictSame([loud.status, loud.err], [1, ''])
  t.match(loud.out, `Pod a in namespace default (${folder}/loud.yaml:1)\n  error    ImageInvalid: `)
  t.strictSame([flag.status, flag.out], [2, ''])
  t.match(flag.err, "regcred: unknown option '--namespce' (Did you mean --namespace?); see regcred check --help")
})

t.test('the help names every flag and what the exit status says', async t => {
  const command = checkCommand().exitOverride()
  let help = ''
  command.configureOutput({ writeOut: text => (help += text) })
  await t.rejects(command.parseAsync(['--help'], { from: 'user' }), { code: 'commander.helpDisplayed' })
  for (const part of [
    '--filename',
    '--namespace',
    '--config',
    '--output',
    '--strict',
    '--fail-on',
    '--baseline',
    '--update-baseline',
    '--no-render',
    'Exit status: 0 nothing found',
  ])
    t.match(help, part)
})

t.test('on a terminal no file is a CommandError that shows how to give one', async t => {
  const stdin = Object.assign(Readable.from([]), { isTTY: true })
  const streams = { stdin, stdout: new PassThrough(), stderr: new PassThrough() }
  await t.rejects(
    checkCommand(streams).parseAsync([], { from: 'user' }),
    new CommandError('give a file, a folder or -: regcred check k8s/'),
  )
})

t.test('a file that is not there hides no mistake of another', async t => {
  const folder = t.testdir({ 'web.json': JSON.stringify(POD), 'bad.yaml': 'a: [' })
  const { status, out, err } = await run(t, '', 'none.yaml', folder, '--strict')
  t.equal(status, 2)
  t.match(out, /SecretNotFound/)
  t.match(err, /^regcred: none.yaml: no such file or folder\n/)
  t.match(err, /regcred: .*bad.yaml:1:\d+: this is not YAML/)
  const json = await run(t, '', 'none.yaml', join(folder, 'web.json'), '-f', join(folder, 'web.json'), '-o', 'json')
  t.equal(JSON.parse(json.out).objects.length, 2, 'files may be given in both ways')
})

t.test('nothing that is a Kubernetes object is 2, with a sentence that fits what is there', async t => {
  const chart = 'apiVersion: v2\nname: web\nversion: 1.0.0\n'
  const folder = t.testdir({
    web: { 'Chart.yaml': chart, templates: { 'a.yaml': '{{ a }}' } },
    overlay: { 'kustomization.yaml': 'resources: [a.yaml]\n' },
    'empty.yaml': '',
    'values.yaml': 'a: 1\n---\nb: 2\n',
  })
  const cases: [input: string, args: string[], says: RegExp][] = [
    ['', [], /^regcred: nothing to check: standard input is empty. Did the command before it fail\?\n$/],
    ['{"auths":{}}', ['-'], /standard input is a docker config, not a Secret; make one of it: kubectl create secret/],
    ['{}', [], /standard input holds no Kubernetes object \(nothing with apiVersion and kind\)\n/],
    [chart, [], /standard input is a Helm chart; render it first: helm template CHART \| regcred check/],
    ['kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1\n', [], /kubectl kustomize FOLDER \|/],
    ['', [join(folder, 'web')], /web is a Helm chart; render it first: helm template .*web \| regcred check/],
    ['', [join(folder, 'web/Chart.yaml')], /Chart.yaml is a Helm chart; render it first: helm template .*web \|/],
    ['', [join(folder, 'overlay')], /is a kustomization; build it first: kubectl kustomize .*overlay \|/],
    ['', [join(folder, 'empty.yaml')], /empty.yaml is empty\n/],
    [
      '',
      [join(folder, 'values.yaml')],
      /values.yaml holds no Kubernetes object .* \(and 1 more document without one\)/,
    ],
    ['[]', ['-o', 'json'], /holds no Kubernetes object/],
    ['{"apiVersion":"v1","kind":"List","items":[]}', [], /standard input is a list of no objects\n/],
  ]
  for (const [input, args, says] of cases) {
    const { status, out, err } = await run(t, input, '--no-render', ...args)
    t.equal(status, 2, String(says))
    t.match(err, says)
    if (args.includes('json')) t.match(JSON.parse(out), { version: 1, objects: [] })
    else t.equal(out, '')
  }
})

t.test('objects of which none pulls images are told of, and are 2 for who requires one', async t => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  const one = await run(t, map)
  t.strictSame(
    [one.status, one.err],
    [0, 'regcred: the only object pulls no images: there is no Pod and no Pod template among them\n'],
  )
  const two = await run(t, listOf(map, map), '--require-workloads')
  t.equal(two.status, 2)
  t.match(two.err, /^regcred: none of the 2 objects pulls images: there is no Pod/)
  t.equal((await run(t, listOf(map, POD), '--require-workloads')).status, 0)
})

t.test('a folder that is a Helm chart is skipped, which says how to render it', async t => {
  const folder = t.testdir({
    web: { 'Chart.yaml': '', templates: { 'a.yaml': '{{ a }}' } },
    'pod.json': JSON.stringify(POD),
  })
  const { status, err } = await run(t, '', folder, '--no-render')
  t.equal(status, 0)
  t.match(err, /^regcred: .*web is a Helm chart, which is skipped: helm template .*web \| regcred check\n/)
})

t.test('the exit status is 1 from the level of --fail-on', async t => {
  const statusOf = async (input: object, ...flags: string[]) => (await run(t, input, ...flags)).status
  const image = (image: string) => ({ ...POD, spec: { containers: [{ name: 'web', image }] } })
  const missing = { ...image('nginx'), spec: { ...image('nginx').spec, imagePullSecrets: [{ name: 'gone' }] } }
  const note = listOf(SECRET, missing)
  t.strictSame(await statusOf(note), 0, 'a note is no reason to fail')
  t.strictSame(await statusOf(note, '--fail-on', 'note'), 1)
  const warning = listOf({ ...SECRET, metadata: { name: 'other' } }, POD)
  t.strictSame(await statusOf(warning), 1)
  t.strictSame(await statusOf(warning, '--fail-on', 'error'), 0)
  t.strictSame(await statusOf(image('UPPER'), '--fail-on', 'error'), 1)
})

t.test('files are judged as they are written: what match would find is not there', async t => {
  const bare = { ...POD, spec: { containers: POD.spec.containers } }
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }
  const written = await run(t, listOf(SECRET, account, bare))
  t.equal(written.status, 1)
  t.match(
    written.out,
    /warning {2}ImageNotCovered: no pull secret is listed for "registry.example.com\/web", but "acme" has credentials for it; add "acme" to/,
  )
  const unknown = await run(t, listOf(SECRET, bare))
  t.equal(unknown.status, 0)
  t.match(unknown.out, /note {5}ImageNotCovered: "acme" has credentials .*, unless its ServiceAccount lists it/)
  const assumed = await run(t, listOf(SECRET, account, bare), '--assume-injection')
  t.strictSame(
    [assumed.status, assumed.out],
    [
      0,
      'Pod web in namespace default (-)\n  regcred would add "acme" (it fits this image)\n\n2 objects checked: 0 errors, 0 warnings, 0 notes\n',
    ],
  )
})

t.test('what the configuration writes down counts, as a note', async t => {
  const folder = t.testdir({
    'config.yaml': 'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\ninject: {secrets: [acme]}\n',
  })
  const config = ['--config', join(folder, 'config.yaml')]
  const bare = { ...POD, spec: { containers: POD.spec.containers } }
  const { status, out } = await run(t, listOf(SECRET, bare), ...config)
  t.equal(status, 0)
  t.match(out, / {2}note {5}regcred would add "acme" \(inject.secrets of the configuration\)\n/)
  t.match(out, /2 objects checked: 0 errors, 0 warnings, 1 note\n/)
  t.equal((await run(t, listOf(SECRET, bare), ...config, '--fail-on', 'note')).status, 1)
})

t.test(
  'a ServiceAccount that is not among the files is named, where a private image needs what it may list',
  async t => {
    const folder = t.testdir({
      'regcred.yaml':
        'apiVersion: regcred.dev/v1alpha1\nkind: AdmissionConfiguration\nregistries: {private: [registry.example.com]}\n',
    })
    const { imagePullSecrets: _, ...spec } = POD.spec
    const { err } = await run(t, listOf({ ...POD, spec }, SECRET), '--config', join(folder, 'regcred.yaml'))
    t.match(
      err,
      'regcred: ServiceAccount default/default is not among these files, so I cannot tell which pull secrets and annotations it has',
    )
  },
)
