import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import jsonpatch, { type Operation } from 'fast-json-patch'
import t from 'tap'
import { App } from '../src/app.ts'
import { FruitlessReads } from '../src/cluster/fruitless.ts'
import { ManifestView } from '../src/cluster/manifest-view.ts'
import { type Manifest, parseManifests } from '../src/cluster/manifests.ts'
import { readConfiguration } from '../src/config/read.ts'
import { defaultSettings, type Settings } from '../src/config/settings.ts'
import { openLog } from '../src/telemetry/log.ts'
import { Metrics } from '../src/telemetry/metrics.ts'
import { issueCertificate } from '../src/tls/issue.ts'

/**
 * Each folder of `golden/` is a case: a review as a kube-apiserver sent it, the cluster around it, configuration if any,
 * and the answer with its patch decoded. A folder's name begins with the webhook that is called. `UPDATE=1` writes the
 * answers anew.
 */
const GOLDEN = join(import.meta.dirname, 'golden')
const UPDATE = process.env['UPDATE'] === '1'
const NOW = Date.parse('2026-06-01T00:00:00Z')
const FILES = { wanted: ['cluster.yaml', 'response.json', 'review.json'], optional: 'config.yaml' }

const pair = await issueCertificate(['localhost'])

interface Case {
  readonly stage: 'mutate' | 'validate'
  readonly review: { readonly request: Readonly<Record<string, unknown>> }
  readonly manifests: readonly Manifest[]
  readonly settings: Settings
}

interface Answer {
  readonly uid: string
  readonly patch?: readonly Operation[]
}

const names = readdirSync(GOLDEN).sort()

t.test('there is nothing but cases, and no case lacks a file', async t => {
  t.ok(names.length > 0)
  for (const name of names) {
    const files = readdirSync(join(GOLDEN, name)).filter(file => file !== FILES.optional)
    const wanted = UPDATE ? FILES.wanted.filter(file => file !== 'response.json' || files.includes(file)) : FILES.wanted
    t.strictSame(files.sort(), wanted, name)
  }
})

for (const name of names) {
  t.test(name.replaceAll('-', ' '), async t => {
    const golden = readCase(name)
    const { answer, log } = await send(golden, golden.review)
    const file = join(GOLDEN, name, 'response.json')
    if (UPDATE) {
      writeFileSync(file, `${JSON.stringify(answer, null, 2)}\n`)
      t.comment(`wrote ${file}: verify the diff`)
    }
    t.strictSame(answer, JSON.parse(readFileSync(file, 'utf8')))
    t.equal(answer.uid, golden.review.request['uid'])

    const passwords = passwordsIn([...golden.manifests.map(({ object }) => object), golden.review.request['object']])
    const said = `${JSON.stringify(answer)}\n${log}`
    t.strictSame(
      passwords.filter(password => said.includes(password)),
      [],
      'no password is told',
    )

    const { object } = golden.review.request
    const patched: unknown = jsonpatch.applyPatch(structuredClone(object), answer.patch ?? []).newDocument
    t.strictSame(withoutReferences(patched), withoutReferences(object), 'only the references are touched')
    const before = referencesOf(object)
    t.strictSame(referencesOf(patched).slice(0, before.length), before, 'what was there stays first and in order')
    const again = await send(golden, { ...golden.review, request: { ...golden.review.request, object: patched } })
    t.equal(again.answer.patch, undefined, 'sent again it needs no patch')
  })
}

function readCase(name: string): Case {
  const read = (file: string) => readFileSync(join(GOLDEN, name, file), 'utf8')
  const stage = name.split('-')[0]
  if (stage !== 'mutate' && stage !== 'validate') throw new Error(`${name} begins with neither mutate nor validate`)
  const parsed = parseManifests('cluster.yaml', read('cluster.yaml'))
  if (!parsed.ok) throw new Error(parsed.faults.join())
  const configured = existsSync(join(GOLDEN, name, FILES.optional))
  const reading = configured ? readConfiguration(read(FILES.optional), FILES.optional) : undefined
  if (reading?.ok === false) throw new Error(JSON.stringify(reading.faults))
  const settings = reading?.settings ?? defaultSettings
  return { stage, review: JSON.parse(read('review.json')), manifests: parsed.manifests, settings }
}

/** Sends a review through the whole product, with its log at its most talkative. */
async function send({ stage, manifests, settings }: Case, review: unknown): Promise<{ answer: Answer; log: string }> {
  const view = new ManifestView(manifests)
  let log = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += chunk
      done()
    },
  })
  const app = new App({
    cluster: { view, live: view, resources: () => [] },
    fruitless: new FruitlessReads(),
    metrics: new Metrics(),
    settings,
    pair,
    log: openLog('debug', stream).log,
    version: '0.0.0',
    now: () => NOW,
  })
  const headers = { 'content-type': 'application/json' }
  const url = `/${stage}?timeout=10s`
  const { statusCode, body } = await app.server.inject({
    method: 'POST',
    url,
    headers,
    payload: JSON.stringify(review),
  })
  await app.close()
  if (statusCode !== 200) throw new Error(body)
  const { patch, patchType: _, ...answer } = JSON.parse(body).response
  return { answer: { ...answer, ...(patch && { patch: JSON.parse(atob(patch)) }) }, log }
}

/** Every password in the docker configs of Secrets, in clear and in the forms in which a config holds it. */
function passwordsIn(objects: readonly unknown[]): string[] {
  return objects.filter(isSecret).flatMap(({ data = {}, stringData = {} }) => {
    const configs = [...Object.values(data).map(atob), ...Object.values(stringData)]
    return configs.flatMap(config => {
      const { auths = {} } = JSON.parse(config)
      return Object.values<Record<string, string>>(auths).flatMap(({ password, auth = '' }) => {
        const clear = [password ?? '', atob(auth).split(':').slice(1).join(':')].filter(text => text !== '')
        return [...clear, ...clear.map(btoa), auth].filter(text => text !== '')
      })
    })
  })
}

function isSecret(object: unknown): object is { data?: Record<string, string>; stringData?: Record<string, string> } {
  return typeof object === 'object' && object !== null && Reflect.get(object, 'kind') === 'Secret'
}

function referencesOf(object: unknown): readonly unknown[] {
  return jsonpatch.getValueByPointer(object, '/spec')?.imagePullSecrets ?? []
}

function withoutReferences(object: unknown): unknown {
  const copy = structuredClone(object)
  const spec = jsonpatch.getValueByPointer(copy, '/spec')
  if (spec) delete spec.imagePullSecrets
  return copy
}
