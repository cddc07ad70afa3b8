import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import jsonpatch from 'fast-json-patch'
import { App } from '../../src/app.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { parseManifests } from '../../src/manifests/read.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { openLog } from '../../src/telemetry/log.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { manifestView } from './cluster.ts'
import { COST } from './cost.ts'
import { anyBytes, anyJson, CANARY, configuration, dockerConfigReview, manifests, mutatedReview } from './inputs.ts'
import { MERGED } from './merged.ts'
import type { Property } from './property.ts'

const said: string[] = []
const app = await openDoor()

/** What holds for whatever comes to any of the ways in. */
export const PROPERTIES: readonly Property[] = [
  { name: 'bytes', inputs: anyBytes(), check: answersWell },
  { name: 'json', inputs: anyJson(), check: answersWell },
  { name: 'review', inputs: mutatedReview(), check: answersWell },
  { name: 'docker-config', inputs: dockerConfigReview(), check: answersWell },
  { name: 'configuration', inputs: configuration(), check: readsOrExplains },
  { name: 'manifests', inputs: manifests(), check: takesApart },
  MERGED,
  COST,
]

/** The whole product over a cluster that holds a password, with its log at its most talkative. */
async function openDoor(): Promise<App> {
  const view = await manifestView()
  const stream = new Writable({
    write(chunk, _encoding, done) {
      said.push(String(chunk))
      done()
    },
  })
  return new App({
    cluster: { view, live: view, resources: () => [] },
    metrics: new Metrics(),
    settings: { ...defaultSettings, inject: { ...defaultSettings.inject, secrets: ['acme', 'late'] } },
    pair: await issueCertificate(['localhost']),
    log: openLog('debug', stream).log,
    version: '0.0.0',
  })
}

/**
 * Both webhooks answer with a review or a coded error, never with a bug; what they say is short, of one line each, and holds no
 * password; and what they do to a Pod is to append references, once.
 */
async function answersWell(input: Buffer): Promise<void> {
  for (const stage of ['/mutate', '/validate']) {
    const { status, text } = await send(stage, input)
    assert.ok(status < 500, `${stage} answered ${status}`)
    assert.ok(!holdsPassword(text) && !holdsPassword(said.join('')), `${stage} tells the password`)
    said.length = 0
    const answer = JSON.parse(text)
    if (status !== 200) {
      assert.match(answer.code, /^[A-Z_]+$/)
      continue
    }
    const { uid, warnings = [], patch } = answer.response
    const sent = JSON.parse(input.toString())
    assert.equal(uid, sent.request.uid)
    assert.ok(warnings.join('').length <= 4096, 'the warnings are longer than the API server passes on')
    for (const warning of warnings) assert.match(warning, /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
    if (patch !== undefined) await appendsOnce(sent, JSON.parse(atob(patch)))
  }
}

async function appendsOnce(sent: { request: { object: unknown } }, patch: jsonpatch.Operation[]): Promise<void> {
  for (const { path } of patch) assert.match(path, /^\/spec\/imagePullSecrets(\/\d+)?$/)
  const { object } = sent.request
  const patched = jsonpatch.applyPatch(structuredClone(object), patch).newDocument
  const before = jsonpatch.getValueByPointer(object, '/spec').imagePullSecrets ?? []
  assert.deepEqual(jsonpatch.getValueByPointer(patched, '/spec').imagePullSecrets.slice(0, before.length), before)
  const changed = { ...sent, request: { ...sent.request, object: patched } }
  const again = await send('/mutate', Buffer.from(JSON.stringify(changed)))
  assert.equal(JSON.parse(again.text).response.patch, undefined, 'a patched object gets another patch')
}

async function send(url: string, payload: Buffer): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' }
  const answer = await app.server.inject({ method: 'POST', url: `${url}?timeout=10s`, headers, payload })
  return { status: answer.statusCode, text: answer.body }
}

function holdsPassword(text: string): boolean {
  return text.includes(CANARY) || text.includes(btoa(CANARY).slice(0, -3)) || text.includes(btoa(`u:${CANARY}`))
}

/** A configuration file holds, or every fault has its place and a reason; none is a stack of somebody else's. */
function readsOrExplains(input: Buffer): void {
  const reading = parseConfiguration(input.toString(), 'regcred.yaml')
  if (reading.ok) {
    prepareRulebook(reading.settings)
    return
  }
  assert.ok(reading.faults.length > 0 && reading.faults.length <= 101)
  for (const { message } of reading.faults) assert.match(message, /^[^\n]+$/)
}

/** Manifests are objects of some kind, or every fault says in which file. */
async function takesApart(input: Buffer): Promise<void> {
  const parsed = await parseManifests('input', input.toString())
  if (parsed.ok) new ManifestView(parsed.manifests)
  else for (const fault of parsed.faults) assert.match(fault, /^input:[^\n]+$/)
}
