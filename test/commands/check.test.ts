import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { CommandError } from '../../src/commands/command-error.ts'

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'web', image: 'registry.example.com/web' }], imagePullSecrets: [{ name: 'acme' }] },
}

/** Runs the command over these objects on standard input. */
async function run(t: Pick<Test, 'teardown'>, input: unknown, ...flags: string[]) {
  const streams = { in: Readable.from([JSON.stringify(input)]), out: new PassThrough(), err: new PassThrough() }
  const before = process.exitCode
  t.teardown(() => {
    process.exitCode = before
  })
  await checkCommand(streams).parseAsync(['-f', '-', ...flags], { from: 'user' })
  const status = process.exitCode
  process.exitCode = before
  streams.out.end()
  streams.err.end()
  return { status, out: await text(streams.out), err: await text(streams.err) }
}

t.test('nothing found is 0, and missing Secrets are told once on stderr', async t => {
  const { status, out, err } = await run(t, { apiVersion: 'v1', kind: 'List', items: [POD, POD] })
  t.equal(status, 0)
  t.equal(out, '2 objects checked: 0 blocks, 0 may block, 0 degrades\n')
  t.equal(
    err,
    'regcred: no Secrets for namespace default: references there are unknown; --strict takes them as absent\n',
  )
})

t.test('findings are 1, for programs as JSON', async t => {
  const { status, out, err } = await run(t, POD, '--strict', '-o', 'json')
  t.equal(status, 1)
  t.match(JSON.parse(out), {
    version: 1,
    objects: [{ findings: [{ code: 'SecretNotFound' }, { code: 'ImageNotCovered' }] }],
  })
  t.equal(err, '')
})

t.test('what cannot be read is a CommandError, after what could be', async t => {
  const broken = { ...POD, spec: 'none' }
  await t.rejects(run(t, broken), new CommandError('some objects could not be read; correct them or leave them out'))
})

t.test('input that is no manifest is a CommandError that names the place', async t => {
  const streams = { in: Readable.from(['a: [']), out: new PassThrough(), err: new PassThrough() }
  await t.rejects(checkCommand(streams).parseAsync(['-f', '-'], { from: 'user' }), {
    message: /^-:1:\d+: this is not YAML/,
  })
})
