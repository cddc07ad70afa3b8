import { Writable } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import type { Admitted } from '../../src/engine/admit.ts'
import { MODES, SUGGESTIONS } from '../../src/policy/settings.ts'
import { logReview, openLog } from '../../src/telemetry/log.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { type Asked, EXPIRED, HOST, IMAGE, inject, PRIVATE, pod, secret, secretFor, send } from '../engine/ask.ts'

/** Names that are near one another, and none a part of another. */
const NAMES = ['alpha-1', 'alpha-2', 'alphb-3', 'omega-4', 'omega-5', 'omgea-6']
const KEY_WORDS = ['/acme/word-a', '/acme/web', '/other-b', ':6443', 'word-c']
/** What is no key: the name of a credential store as well. */
const STORE = 'word-c'
const TYPE = 'example.com/odd-type'
/** When what has expired did, and where a key is of a user. */
const TIME = '2026-05-31'
const USER = 'user-of-a-key'

/** What a Secret of some name is. */
const states: readonly ((name: string) => readonly object[])[] = [
  () => [],
  name => [secretFor(name, HOST)],
  ...KEY_WORDS.slice(0, 4).map(word => (name: string) => [secretFor(name, `${HOST}${word}`)]),
  name => [secretFor(name, `https://${USER}:p@${HOST}/acme/word-a/?${USER}`)],
  name => [secretFor(name, `${HOST}:word-c/acme`, `ftp://${HOST}/word-c`)],
  name => [secret(name, { auths: { [`${HOST}/acme`]: { username: 'u', password: EXPIRED } } })],
  name => [secret(name, 'broken')],
  name => [secret(name, { credsStore: STORE })],
  name => [secret(name, {}, TYPE)],
]

const names = fc.subarray(NAMES)
const listOf = (list: readonly string[]) => list.map(name => ({ name }))
const annotated = (list: readonly string[]) =>
  list.length === 0 ? {} : { annotations: { 'regcred.dev/pull-secrets': list.join() } }

const asked: fc.Arbitrary<Asked> = fc
  .record({
    stage: fc.constantFrom('mutate', 'validate'),
    object: fc.constantFrom('Pod', 'Deployment', 'Secret'),
    states: fc.tuple(...NAMES.map(name => fc.constantFrom(...states).map(make => make(name)))),
    own: fc.option(names),
    annotation: names,
    namespace: names,
    account: names,
    configuration: names,
    rule: names,
    match: fc.boolean(),
    whenMissing: fc.constantFrom('reference', 'skip'),
    images: fc.subarray([IMAGE, `${HOST}/word`, 'nginx', 'ghcr.io/acme/web', 'not an image'], { minLength: 1 }),
    mode: fc.constantFrom(...MODES),
    suggestions: fc.constantFrom(...SUGGESTIONS),
    isPrivate: fc.boolean(),
    written: fc.constantFrom(...states.slice(1)).map(make => make('alpha-1')[0]),
  })
  .map((drawn): Asked => {
    const made = pod({
      images: drawn.images,
      metadata: annotated(drawn.annotation),
      ...(drawn.own === null ? {} : { references: drawn.own }),
    })
    const template = { metadata: { name: 'web', namespace: 'team-a' }, spec: { template: made } }
    const kinds = {
      Pod: { object: made },
      Deployment: { kind: 'Deployment', group: 'apps', object: template, stage: 'validate' },
      Secret: { kind: 'Secret', object: toData(drawn.written), stage: 'validate' },
    } as const
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'team-a', ...annotated(drawn.namespace) },
    }
    return {
      stage: drawn.stage,
      ...kinds[drawn.object],
      objects: [namespace, ...drawn.states.flat()],
      account: { imagePullSecrets: listOf(drawn.account) },
      settings: {
        ...(drawn.isPrivate ? PRIVATE : {}),
        ...inject({
          match: drawn.match,
          whenMissing: drawn.whenMissing,
          secrets: drawn.configuration,
          rules: drawn.rule.length === 0 ? [] : [{ images: [HOST], secrets: drawn.rule }],
        }),
        mode: drawn.mode,
        suggestions: drawn.suggestions,
      },
    }
  })

/** A Secret as the API server sends it. */
function toData(object: unknown): object {
  const { stringData, ...rest } = Object(object)
  const data = Object.entries(Object(stringData)).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ])
  return { ...rest, data: Object.fromEntries(data) }
}

/** Everything that is recorded of a review. */
async function record({ body, outcome }: Admitted): Promise<string> {
  const lines: string[] = []
  const { log } = openLog('debug', new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) }))
  logReview(log, outcome, 0.001)
  const metrics = new Metrics()
  metrics.countReview(outcome, 0.001)
  const { auditAnnotations = {} } = JSON.parse(body).response
  return [JSON.stringify(auditAnnotations), ...lines, await metrics.registry.metrics()].join('\n')
}

t.test('records hold no name, key, type or time that the object does not hold itself', async t => {
  const told = { findings: 0, people: 0 }
  await fc.assert(
    fc.asyncProperty(asked, async asked => {
      const admitted = await send(asked)
      const text = await record(admitted)
      const { patch = '', warnings = [], status = '' } = JSON.parse(admitted.body).response
      const held = `${JSON.stringify(asked.object)}${Buffer.from(patch, 'base64')}`
      const contents = [...KEY_WORDS, TYPE, TIME, USER]
      const foreign = [...NAMES, ...contents].filter(word => !held.includes(word))
      const forbidden =
        asked.settings?.suggestions === 'all' ? foreign.filter(word => contents.includes(word)) : foreign
      const people = `${warnings}${JSON.stringify(status)}`
      told.findings += admitted.outcome.findings.length
      told.people += Number(foreign.some(word => people.includes(word)))
      return !forbidden.some(word => text.includes(word)) && !people.includes(USER)
    }),
    { numRuns: 700 },
  )
  t.ok(told.findings > 100, 'there are findings')
  t.ok(told.people > 30, 'of which who asks is told more')
})

t.test('with suggestions: all records hold the name of the Secret that was probably meant', async t => {
  const asked = { object: pod({ references: ['alpha-1'] }), objects: [secretFor('alpha-2', HOST)] }
  for (const [suggestions, isRecorded] of [
    ['all', true],
    ['requester', false],
  ] as const) {
    const admitted = await send({ ...asked, settings: { ...PRIVATE, ...inject({ match: false }), suggestions } })
    t.match(admitted.body, 'did you mean', suggestions)
    t.equal((await record(admitted)).includes('suggestion=alpha-2'), isRecorded, suggestions)
  }
})

t.test('with suggestions: none nobody is told of another Secret, nor what a Secret is for', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async drawn => {
      const asked = { ...drawn, settings: { ...drawn.settings, suggestions: 'none' as const, ...inject({}) } }
      if (asked.kind === 'Secret') return true
      const { body } = await send(asked)
      const { warnings = [], status = '' } = JSON.parse(body).response
      const people = `${warnings}${JSON.stringify(status)}`
      const held = JSON.stringify([asked.object, asked.account, asked.objects?.[0]])
      return ![...NAMES, ...KEY_WORDS].some(word => word !== STORE && !held.includes(word) && people.includes(word))
    }),
    { numRuns: 250 },
  )
})
