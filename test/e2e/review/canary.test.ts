import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { Agent, request } from 'undici'
import { poll } from '../../processes/poll.ts'
import {
  apply,
  deployment,
  dockerConfig,
  fileOf,
  type Manifest,
  namespace,
  opaqueSecret,
  pod,
  REGISTRY,
  serviceAccount,
} from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { ours } from '../regcred/observe.ts'
import { startRegcred } from '../regcred/regcred.ts'
import { startRecorder } from '../traffic/recorder.ts'

// No byte of a credential stays anywhere: every Secret of this cluster holds the same password, and it is looked for in all
// that regcred says and keeps.
const CANARY = 'canary-in-a-coal-mine'
const AUTH = Buffer.from(`janedoe:${CANARY}`).toString('base64')
const MODES = ['off', 'audit', 'warn', 'enforce']
const CLI = join(import.meta.dirname, '../../../src/cli.ts')

const controlPlane = await withControlPlane(t)
const { kubectl, folder } = controlPlane
// A string is looked at whole, however long it is.
const flags = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`, '--heap-snapshot-string-limit=100000000']
const regcred = await startRegcred(controlPlane, {
  command: [process.execPath, ...flags, CLI, 'serve'],
  config: { registries: { private: [REGISTRY] }, inject: { secrets: ['sound', 'late'] } },
})
const recorder = await startRecorder(regcred)
await regcred.register(recorder)
t.teardown(async () => {
  await recorder.close()
  await regcred.stop()
})

/** Secrets that the kubelet can use, and that it cannot, in every way that touches the password. */
function secretsIn(where: string): Manifest[] {
  const entry = { username: 'janedoe', password: CANARY, auth: AUTH, email: 'jdoe@example.com' }
  const base64 = Buffer.from(CANARY).toString('base64')
  const old = JSON.stringify({ [REGISTRY]: entry })
  return [
    dockerConfig(where, 'sound', { auths: { [REGISTRY]: entry, 'other.example.com': entry } }),
    dockerConfig(where, 'no-colon', { auths: { [REGISTRY]: { auth: base64 } } }),
    dockerConfig(where, 'token', { auths: { [REGISTRY]: { identitytoken: CANARY, password: CANARY } } }),
    dockerConfig(where, 'no-text', { auths: { [REGISTRY]: { ...entry, username: { [CANARY]: CANARY } } } }),
    dockerConfig(where, 'headers', { auths: {}, HttpHeaders: { Authorization: { basic: AUTH } } }),
    dockerConfig(where, 'in-the-key', { auths: { [`https://janedoe:${CANARY}@${REGISTRY}`]: entry } }),
    { ...dockerConfig(where, 'old', {}), type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': old } },
    { ...opaqueSecret(where, 'opaque'), stringData: { password: CANARY, '.dockerconfigjson': old } },
  ]
}

const NAMES = secretsIn('').map(({ metadata }) => String(metadata['name']))
const said: string[] = []
const run = async (...objects: readonly Manifest[]) => {
  const { stdout, stderr } = await apply(kubectl, ...objects)
  said.push(stdout, stderr)
}

t.before(async () => {
  for (const mode of MODES) {
    await run(namespace(mode, { labels: { 'regcred.dev/mode': mode } }), serviceAccount(mode, 'builder', ['old']))
    await run(...secretsIn(mode))
    await run(...NAMES.map(name => pod(mode, `with-${name}`, { references: [name] })))
    await run(pod(mode, 'with-none'), pod(mode, 'with-all', { references: [...NAMES, 'missing'] }))
    await run(deployment(mode, 'web', { references: NAMES.slice(1), spec: { serviceAccountName: 'builder' } }, 2))
  }
})

/** Sends straight to the door what an API server would not. */
async function sendTo(path: string, body: string, headers = { 'content-type': 'application/json' }): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: regcred.authority } })
  const answer = await request(`${regcred.url}${path}`, { dispatcher, method: 'POST', headers, body })
  said.push(await answer.body.text())
  await dispatcher.close()
}

t.test('when things go wrong', async t => {
  const sent = recorder.calls.filter(({ review }) => review.request.kind.kind === 'Secret')
  t.ok(sent.length >= MODES.length * (NAMES.length - 1), 'the Secrets themselves were reviewed')
  for (const { review } of sent) {
    const whole = JSON.stringify(review)
    await sendTo('/validate', whole.slice(0, -20))
    await sendTo('/validate', whole.replaceAll('"data":{', '"data":{"odd":7,'))
    await sendTo('/mutate', whole)
    await sendTo(`/${CANARY}`, whole)
  }
  await sendTo('/validate', CANARY, { 'content-type': 'text/plain' })
  writeFileSync(regcred.configFile, 'mode: loud\n')
  await controlPlane.stopApiServer()
  const [call] = recorder.calls.filter(({ review }) => review.request.name === 'with-all')
  if (call === undefined) throw new Error('no review was recorded')
  await sendTo('/validate', JSON.stringify(call.review))
  await controlPlane.startApiServer()
  await run(pod('enforce', 'afterwards'))
})

t.test('the password is nowhere', async t => {
  const check = async (...format: string[]) => {
    const child = spawn(process.execPath, [CLI, 'check', '-f', '-', ...format])
    child.stdin.end(fileOf(...secretsIn('default'), pod('default', 'web', { references: [...NAMES, 'missing'] })))
    return (await Promise.all([text(child.stdout), text(child.stderr)])).join('')
  }
  const annotations = (await controlPlane.auditEvents({ verb: 'create' })).map(ours)
  const places: Record<string, string> = {
    'what kubectl printed': said.join('\n'),
    'the answers': JSON.stringify(recorder.calls.map(({ response }) => response)),
    'the audit annotations': JSON.stringify(annotations),
    'the log': readFileSync(regcred.log, 'utf8'),
    'the metrics': await (await request(`${regcred.metricsUrl}/metrics`)).body.text(),
    'a report': await check(),
    'a report as JSON': await check('--output', 'json'),
    // Made after a collection: what is in it is held.
    'the memory': await takeSnapshot(),
  }
  t.ok(annotations.some(found => Object.keys(found).length > 0))
  const found = Object.entries(places).flatMap(([place, content]) => {
    const forms = FORMS.filter(([, needle]) => content.includes(needle)).map(([form]) => `${place} holds it ${form}`)
    return /no-colon|outcome="refused"/.test(content) ? forms : [`${place} was not looked at`, ...forms]
  })
  t.strictSame(found, [])
})

/** In base64 it looks different by where it begins; the first and last letters depend on what is around it. */
const FORMS: readonly [string, string][] = [
  ['in clear', CANARY],
  ...[0, 1, 2].map((at): [string, string] => {
    const encoded = Buffer.from(`${'x'.repeat(at)}${CANARY}`).toString('base64')
    return [`in base64, from byte ${at}`, encoded.slice(Math.ceil((at * 8) / 6) + 1, -4)]
  }),
]

async function takeSnapshot(): Promise<string> {
  regcred.signal('SIGUSR2')
  return await poll('there is a whole heap snapshot', () => {
    const file = readdirSync(folder).find(name => name.endsWith('.heapsnapshot'))
    const content = file === undefined ? '' : readFileSync(join(folder, file), 'utf8')
    return content.endsWith(']}') || content.endsWith('}\n') || content.endsWith('}') ? content : undefined
  })
}
