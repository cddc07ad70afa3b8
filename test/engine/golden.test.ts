import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import jsonpatch from 'fast-json-patch'
import t from 'tap'
import { App } from '../../src/app.ts'
import { MODES, type Mode } from '../../src/policy/settings.ts'
import { openLog } from '../../src/telemetry/log.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import {
  type Answer,
  type Answers,
  type Case,
  GOLDEN_NOW,
  printAnswers,
  readAnswers,
  readCases,
  readReview,
} from './golden-case.ts'
import { clusterOf } from './golden-cluster.ts'

/** `UPDATE=1` writes the answers anew. */
const UPDATE = process.env['UPDATE'] === '1'
const WANTED = ['cluster.yaml', 'response.json', 'review.json']
const OPTIONAL = ['apply.yaml', 'case.yaml', 'config.yaml']

const pair = await issueCertificate(['localhost'])
const cases = await readCases()

t.test('there is nothing but cases, and no case lacks a file or has one too many', async t => {
  t.ok(cases.length > 0)
  const odd = cases.flatMap(({ name, files }) => {
    const wanted = UPDATE ? WANTED.filter(file => file !== 'response.json' || files.includes(file)) : WANTED
    const others = files.filter(file => !OPTIONAL.includes(file))
    return others.join() === wanted.join() ? [] : `${name}: ${others}`
  })
  t.strictSame(odd, [])
})

t.test('no two cases share a namespace, so that one cluster holds them all', async t => {
  const shared = [...Map.groupBy(cases, ({ namespace }) => namespace).values()].filter(({ length }) => length > 1)
  t.strictSame(
    shared.map(some => some.map(({ name }) => name)),
    [],
  )
})

for (const golden of cases) {
  t.test(golden.name.replaceAll('-', ' '), async t => {
    const review = readReview(golden)
    const { object, oldObject } = review.request
    const { answers, log, send } = await answer(golden, review)
    if (UPDATE) {
      const file = join(golden.folder, 'response.json')
      writeFileSync(file, printAnswers(answers))
      t.comment(`wrote ${file}: verify the diff`)
    }
    t.strictSame(answers, readAnswers(golden))
    const passwords = passwordsIn([...golden.manifests.map(manifest => manifest.object), object, oldObject])
    const said = `${JSON.stringify(answers)}\n${log()}`
    t.strictSame(
      {
        'the uids': [...new Set(Object.values(answers).map(({ uid }) => uid))],
        'passwords that are told': passwords.filter(password => said.includes(password)),
        'modes whose patch is another than that of warn': MODES.filter(mode =>
          isOtherPatch(answers[mode], answers.warn),
        ),
        'both a patch and what it would be': MODES.filter(mode => isTwice(answers[mode])),
      },
      {
        'the uids': [review.request.uid],
        'passwords that are told': [],
        'modes whose patch is another than that of warn': [],
        'both a patch and what it would be': [],
      },
    )
    const { patch } = answers.warn
    if (patch === undefined) return
    const patched: unknown = jsonpatch.applyPatch(structuredClone(object), patch).newDocument
    const before = referencesOf(object)
    const again = await send('warn', { ...review, request: { ...review.request, object: patched } })
    t.strictSame(
      {
        'beside the references': withoutReferences(patched),
        'the first references': referencesOf(patched).slice(0, before.length),
        'the patch when it is sent again': again.patch,
      },
      {
        'beside the references': withoutReferences(object),
        'the first references': before,
        'the patch when it is sent again': undefined,
      },
    )
  })
}

/** Injection follows the mode: what warn adds may not be added in another, but nothing else is. */
function isOtherPatch({ patch }: Answer, { patch: warns }: Answer): boolean {
  return patch !== undefined && JSON.stringify(patch) !== JSON.stringify(warns)
}

function isTwice({ patch, auditAnnotations }: Answer): boolean {
  return patch !== undefined && auditAnnotations?.['wouldInject'] !== undefined
}

interface Answered {
  readonly answers: Answers
  /** All that was logged so far. */
  readonly log: () => string
  readonly send: (mode: Mode, review: unknown) => Promise<Answer>
}

/** Sends a review through the whole product in every mode, with its log at its most talkative. */
async function answer({ stage, manifests, settings, description }: Case, review: unknown): Promise<Answered> {
  let log = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += chunk
      done()
    },
  })
  const app = new App({
    cluster: clusterOf(manifests, description.unknown),
    metrics: new Metrics(),
    settings,
    pair,
    log: openLog('debug', stream).log,
    version: '0.0.0',
    now: () => GOLDEN_NOW,
  })
  t.teardown(() => app.close())
  const send = async (mode: Mode, sent: unknown): Promise<Answer> => {
    app.use({ ...settings, mode })
    const headers = { 'content-type': 'application/json' }
    const payload = JSON.stringify(sent)
    const given = await app.server.inject({ method: 'POST', url: `/${stage}?timeout=10s`, headers, payload })
    if (given.statusCode !== 200) throw new Error(given.body)
    const { patch, patchType: _, ...response } = JSON.parse(given.body).response
    return { ...response, ...(patch && { patch: JSON.parse(atob(patch)) }) }
  }
  const answers: Partial<Record<Mode, Answer>> = {}
  for (const mode of MODES) answers[mode] = await send(mode, review)
  return { answers: answers as Answers, log: () => log, send }
}

/** Every password in the docker configs of Secrets, in clear and in the forms in which a config holds it. */
function passwordsIn(objects: readonly unknown[]): string[] {
  return objects.filter(isSecret).flatMap(({ data = {}, stringData = {} }) => {
    const texts = [...Object.values(data).map(atob), ...Object.values(stringData)]
    return texts.flatMap(text => {
      const fields = text.matchAll(/"(password|auth)":"([^"]*)"/g)
      return [...fields].flatMap(([, field, value = '']) => {
        const written = JSON.parse(`"${value}"`)
        const clear =
          field === 'password'
            ? written
            : Buffer.from(written, 'base64')
                .toString()
                .replace(/^[^:]*:/, '')
        return [written, clear, Buffer.from(clear).toString('base64')].filter(text => text !== '')
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
