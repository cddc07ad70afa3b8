import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import t from 'tap'
import { checkCommand } from '../../src/commands/check.ts'
import { configCommand } from '../../src/commands/config.ts'
import { admit } from '../../src/engine/admit.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { decode } from '../../src/review/decode.ts'
import { CommandError } from '../../src/runtime/command-error.ts'
import { logFailure, logReview, openLog } from '../../src/telemetry/log.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { holdsInvisible, hostileText } from '../runtime/hostile-text.ts'
import { ROOT, run as spawn } from './spawn.ts'

/** Objects in which every text that reaches people is hostile. */
function objectsOf(word: string): readonly Record<string, unknown>[] {
  const metadata = { name: `n${word}`, namespace: `ns${word}` }
  const config = { auths: { [`reg.example.com/${word}`]: { username: 'u', password: 'p' } }, credsStore: word }
  const data = Buffer.from(JSON.stringify(config)).toString('base64')
  const containers = [
    { name: `c${word}`, image: `reg.example.com/${word}` },
    { name: 'd', image: 'reg.example.com/web' },
  ]
  const spec = { containers, imagePullSecrets: [{ name: `s${word}` }, { name: `t${word}` }, { name: `n${word}` }] }
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, annotations: { 'regcred.dev/pull-secrets': word } },
      spec,
    },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `ns${word}`, labels: { 'regcred.dev/mode': `w${word}`, 'regcred.dev/inject': word } },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': data },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, name: `t${word}` }, type: `odd${word}` },
    { apiVersion: `v1`, kind: 'Pod', metadata: { name: word }, spec: { containers: word } },
  ]
}

/** Runs a command in this process, and says all that it wrote. */
async function run(make: typeof checkCommand | typeof configCommand, input: string, flags: readonly string[]) {
  const streams = { stdin: Readable.from([input]), stdout: new PassThrough(), stderr: new PassThrough() }
  const before = process.exitCode
  try {
    await make(streams).parseAsync(flags, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
  }
  process.exitCode = before
  streams.stdout.end()
  streams.stderr.end()
  return { out: await text(streams.stdout), err: await text(streams.stderr) }
}

/** A text of lines: nothing but its line breaks may be invisible. */
const isClean = (lines: string) => !holdsInvisible(lines.replaceAll('\n', ''))

t.test('what check writes can be seen, and its JSON is JSON', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async word => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsOf(word) })
      const people = await run(checkCommand, input, ['-f', '-', '--strict'])
      const programs = await run(checkCommand, input, ['-f', '-', '--strict', '-o', 'json'])
      const { objects } = JSON.parse(programs.out)
      const messages = objects.flatMap((object: { findings: { message: string }[] }) => object.findings)
      return (
        [people.out, people.err, programs.out, programs.err].every(isClean) &&
        objects[0].name === `n${word}` &&
        !messages.some(({ message }: { message: string }) => holdsInvisible(message))
      )
    }),
    { numRuns: 150 },
  )
})

t.test('what config prints can be seen', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async word => {
      const input = JSON.stringify(objectsOf(word)[0])
      const yaml = await run(configCommand, input, ['-f', '-'])
      const json = await run(configCommand, input, ['-f', '-', '-o', 'json'])
      JSON.parse(json.out)
      return [yaml.out, yaml.err, json.out, json.err].every(isClean)
    }),
    { numRuns: 100 },
  )
})

t.test('what a review, the log and metrics say can be seen, however it is decoded', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, fc.constantFrom('mutate', 'validate'), fc.nat(4), async (word, stage, which) => {
      const objects = objectsOf(word)
      const object = objects[which] ?? {}
      const request = {
        uid: word,
        kind: { group: '', version: 'v1', kind: object['kind'] },
        name: word,
        namespace: `ns${word}`,
        operation: 'CREATE',
        userInfo: { username: word },
        object,
      }
      const manifests = objects.slice(1, 4).map(object => ({
        file: 'f',
        apiVersion: 'v1',
        kind: String(object['kind']),
        object,
      }))
      const view = new ManifestView(manifests)
      const context = {
        view,
        live: view,
        rulebook: prepareRulebook({ ...defaultSettings, mode: 'enforce', suggestions: 'all' }),
        now: Date.now,
      }
      const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
      const decoded = decode(body, stage, [{ group: '', kind: `K${word}`, path: '/spec' }])
      if (!decoded.ok) return !holdsInvisible(decoded.fault ?? '')
      const admitted = await admit(decoded.review, context, () => 1000)
      const { warnings = [], auditAnnotations = {}, status = {} } = JSON.parse(admitted.body).response
      const lines: string[] = []
      const { log } = openLog('debug', new Writable({ write: (line, _, done) => done(void lines.push(String(line))) }))
      logReview(log, admitted.outcome, 0.1)
      logFailure(log, 'mutate', word, new Error(word), word)
      log.warn({ faults: [word], of: { [word]: word } }, `about ${word}`)
      const metrics = new Metrics()
      metrics.countReview({ ...admitted.outcome, review: { ...decoded.review, kind: `K${word}` } }, 0.1)
      const logged = lines.map(line => JSON.stringify(JSON.parse(line)))
      const decodedLog = lines.flatMap(line => stringsIn(JSON.parse(line)))
      const said = [...warnings, ...Object.values(auditAnnotations), status.message ?? '']
      return (
        ![...said, ...decodedLog, ...logged].some(holdsInvisible) &&
        [...lines, await metrics.registry.metrics()].every(isClean)
      )
    }),
    { numRuns: 300 },
  )
})

/** Every string of a value. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(stringsIn) : []
}

t.test('errors of the command line can be seen', async t => {
  const word = 'a\u001b[2J\u202e\u009b\u200b\nb'
  const folder = t.testdir({
    [`x${word}.yaml`]: 'a: [',
    'c.yaml': `"\u202e\u001b": 1\nmode: "\u009b"\nkind: a\u200b\n`,
  })
  const cases = [
    ['check', `--${word}`],
    [word],
    ['check', '-f', folder],
    ['check', '-f', `/nowhere/${word}`],
    ['check', '-f', '-', '-o', word],
    ['config', '--config', join(folder, 'c.yaml')],
    ['serve', '--secure-port', word],
    ['serve', '--tls-server-name', word, '--tls-cert-file', word, '--tls-private-key-file', word],
    ['serve', '--config', word],
  ]
  for (const args of cases) {
    const { status, out, err } = await spawn(...args)
    t.equal(status, 2, args.join(' '))
    t.ok(isClean(out) && isClean(err), `${args[0]} ${JSON.stringify(err)}`)
    for (const line of err.trimEnd().split('\n')) t.match(line, /^regcred: /, 'no line is forged')
  }
  const help = await spawn('help', word)
  t.ok(isClean(help.out) && isClean(help.err), help.err)
})

t.test('nothing writes to a terminal but what makes texts visible', async t => {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter(file => file !== 'src/runtime/terminal.ts')
  t.ok(files.length > 100)
  const raw = files.filter(file =>
    /\b(?:stdout|stderr)\.write\(|\bconsole\./.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  t.strictSame(raw, [])
})
