import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { tell } from '../../src/commands/check-action.ts'
import { CommandError } from '../../src/commands/command-error.ts'
import { Terminal } from '../../src/runtime/terminal.ts'
import { checked } from '../report/checked.ts'
import { run as runProcess } from './spawn.ts'

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'web', image: 'registry.example.com/web' }], imagePullSecrets: [{ name: 'acme' }] },
}

/** Runs the command over an object, or a text, on standard input. */
async function run(t: Pick<Test, 'teardown'>, input: unknown, ...flags: string[]) {
  const streams = {
    stdin: Readable.from([typeof input === 'string' ? input : JSON.stringify(input)]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  }
  const before = process.exitCode
  t.teardown(() => {
    process.exitCode = before
  })
  await checkCommand(streams).parseAsync(['-f', '-', ...flags], { from: 'user' })
  const status = process.exitCode
  process.exitCode = before
  streams.stdout.end()
  streams.stderr.end()
  return { status, out: await text(streams.stdout), err: await text(streams.stderr) }
}

t.test('nothing found is 0, and missing Secrets are told once on stderr', async t => {
  const { status, out, err } = await run(t, { apiVersion: 'v1', kind: 'List', items: [POD, POD] })
  t.equal(status, 0)
  t.equal(out, '2 objects checked: 0 errors, 0 warnings, 0 notes\n')
  t.equal(
    err,
    'regcred: no Secret of namespace default is among these files, so I cannot tell which exist there; --strict assumes that none does\n',
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

t.test('what cannot be read is told with its line, after what could be, and is a CommandError', async t => {
  const input = `${JSON.stringify(POD)}\n---\n# a comment\napiVersion: v1\nkind: Pod\nspec: none\n`
  const streams = { stdin: Readable.from([input]), stdout: new PassThrough(), stderr: new PassThrough() }
  await t.rejects(
    checkCommand(streams).parseAsync(['-f', '-'], { from: 'user' }),
    new CommandError('some objects could not be read; correct them or leave them out'),
  )
  streams.stdout.end()
  streams.stderr.end()
  t.match(await text(streams.stdout), /^1 object checked/)
  t.match(await text(streams.stderr), /^regcred: -:4: cannot read this Pod: spec must be a mapping\n/)
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
  t.match(err, /^regcred: no Secret of namespace a, b is among these files, .*; --strict assumes that none does\n/)
  t.notMatch((await run(t, { apiVersion: 'v1', kind: 'List', items }, '--strict')).err, /no Secret/)
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
  for (const part of ['--filename', '--namespace', '--config', '--output', '--strict', 'Exit status: 0 nothing found'])
    t.match(help, part)
})

t.test('no file is a CommandError that shows how to give one', async t => {
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() }
  await t.rejects(
    checkCommand(streams).parseAsync([], { from: 'user' }),
    new CommandError('give a file, a folder or -: regcred check -f k8s/'),
  )
})

t.test('a file that is not there is a CommandError that names it', async t => {
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() }
  await t.rejects(
    checkCommand(streams).parseAsync(['-f', 'none.yaml'], { from: 'user' }),
    new CommandError('cannot read none.yaml (ENOENT); check the path and its permissions'),
  )
})

t.test('input that is no manifest is a CommandError that names the place', async t => {
  const streams = { stdin: Readable.from(['a: [']), stdout: new PassThrough(), stderr: new PassThrough() }
  await t.rejects(checkCommand(streams).parseAsync(['-f', '-'], { from: 'user' }), {
    message: /^-:1:\d+: this is not YAML/,
  })
})

t.test('that near names and causes are left out is said', async t => {
  const stream = new PassThrough()
  tell({ ...checked(), unexplained: true }, new Terminal(stream))
  t.match(String(stream.read()), /^regcred: there are too many objects to compare them all: .*; check fewer at once\n$/)
})
