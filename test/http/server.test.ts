import fc from 'fast-check'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import type { Context } from '../../src/engine/context.ts'
import { BodyRoom } from '../../src/http/body-room.ts'
import { Decoder } from '../../src/http/decoder.ts'
import { Drain } from '../../src/http/drain.ts'
import { buildServer } from '../../src/http/server.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { FairSemaphore } from '../../src/runtime/fair-semaphore.ts'
import { issueCertificate } from '../../src/tls/issue.ts'

const pair = await issueCertificate(['localhost'])

interface Built {
  readonly server: FastifyInstance
  /** What the witness was told. */
  readonly told: unknown[][]
}

/** A server over an empty cluster. */
interface BuildOptions {
  readonly context?: () => Context
  readonly eventLoopDelay?: number
  readonly reviews?: FairSemaphore
}

function build({ context, eventLoopDelay = 0, reviews = new FairSemaphore(4) }: BuildOptions = {}): Built {
  const view = new ManifestView([])
  const rulebook = prepareRulebook(defaultSettings)
  const told: unknown[][] = []
  const server = buildServer({
    pair,
    drain: new Drain(),
    context: context ?? (() => ({ view, live: view, rulebook, now: Date.now })),
    decoder: new Decoder(),
    eventLoopDelay: () => eventLoopDelay,
    reviews,
    bodyRoom: new BodyRoom({ small: 2 ** 23, large: 2 ** 23 }),
    checks: () => [],
    observer: {
      answered: outcome => told.push(['answered', outcome.review.uid]),
      failed: (stage, code, error, uid) => told.push(['failed', stage, code, error.message, uid]),
    },
  })
  t.teardown(() => server.close())
  return { server, told }
}

function review(object: unknown = { metadata: { name: 'web' }, spec: {} }): Record<string, unknown> {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const request = { uid: 'u-1', kind, namespace: 'default', operation: 'CREATE', object }
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }
}

function post(body: string | object, options: Partial<InjectOptions> = {}): InjectOptions {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  return { method: 'POST', url: '/validate', payload, headers: { 'content-type': 'application/json' }, ...options }
}

t.test('a review that has to wait, for its turn or for a thread, is answered as any other', async t => {
  const reviews = new FairSemaphore(1)
  const { server } = build({ reviews })
  const large = { metadata: { name: 'web', annotations: { a: 'a'.repeat(300_000) } }, spec: {} }
  t.match((await server.inject(post(review(large)))).json(), { response: { uid: 'u-1', allowed: true } })

  const place = await reviews.acquire('team-a', 0, 0)
  const waiting = server.inject(post(review()))
  await new Promise(setImmediate)
  place.release()
  t.match((await waiting).json(), { response: { uid: 'u-1', allowed: true } })
})

t.test('reviews of one namespace that cost much let those of another go first', async t => {
  const { server, told } = build()
  const many = (count: number, make: (i: number) => unknown) => Array.from({ length: count }, (_, i) => make(i))
  const annotations = { 'regcred.dev/pull-secrets': many(2000, i => `pull-${i}`).join() }
  const costly = {
    metadata: { name: 'web', annotations },
    spec: { containers: many(80, i => ({ name: `c${i}`, image: `r${i}.example.com/web` })) },
  }
  const ask = (uid: string, namespace: string, object: object) => {
    const { request, ...envelope } = review(object)
    return server.inject(post({ ...envelope, request: { ...Object(request), uid, namespace } }))
  }
  const answers = many(30, i => ask(`costly-${i}`, 'loud', costly))
  answers.push(ask('other', 'quiet', { metadata: { name: 'web' }, spec: {} }))
  await Promise.all(answers)
  const order = told.map(([, uid]) => uid)
  t.equal(order.length, 31)
  t.ok(order.indexOf('other') < 20, `it was number ${order.indexOf('other')}`)
})

t.test(
  'a connection on which nothing has come yet is kept for longer than the 90 s of a Go client, as an idle one is',
  async t => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = build().server.server
    for (const milliseconds of [headersTimeout, requestTimeout, keepAliveTimeout, timeout]) t.ok(milliseconds > 90_000)
  },
)

t.test('a review is answered and observed', async t => {
  const { server, told } = build()
  for (const url of ['/mutate?timeout=10s', '/validate?timeout=10s', '/validate']) {
    const answer = await server.inject(post(review(), { url }))
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['content-type'], 'application/json')
    t.match(answer.json(), { kind: 'AdmissionReview', response: { uid: 'u-1', allowed: true } })
  }
  t.strictSame(told, [
    ['answered', 'u-1'],
    ['answered', 'u-1'],
    ['answered', 'u-1'],
  ])
})

t.test('a review of nobody in no namespace is answered too', async t => {
  const { server } = build()
  const kind = { group: 'apps', version: 'v1', kind: 'Deployment' }
  const bare = { ...review(), request: { uid: 'u-2', kind, operation: 'CREATE', object: { metadata: {} } } }
  t.match((await server.inject(post(bare))).json(), { response: { uid: 'u-2', allowed: true } })
})

t.test('anything else at the door gets a coded error', async t => {
  const { server } = build()
  const cases: {
    readonly name: string
    readonly sent: InjectOptions
    readonly status: number
    readonly code: string
  }[] = [
    { name: 'no JSON', sent: post('{"hunter2'), status: 400, code: 'NOT_JSON' },
    { name: 'an empty body', sent: post(''), status: 400, code: 'NOT_JSON' },
    { name: 'no body', sent: { method: 'POST', url: '/validate' }, status: 400, code: 'NOT_JSON' },
    { name: 'JSON that is no review', sent: post('7'), status: 400, code: 'NOT_A_REVIEW' },
    {
      name: 'an older version',
      sent: post({ ...review(), apiVersion: 'admission.k8s.io/v1beta1' }),
      status: 400,
      code: 'NOT_A_REVIEW',
    },
    { name: 'another kind', sent: post({ ...review(), kind: 'Pod' }), status: 400, code: 'NOT_A_REVIEW' },
    { name: 'no request', sent: post({ ...review(), request: null }), status: 400, code: 'NOT_A_REVIEW' },
    {
      name: 'a form',
      sent: post('a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      status: 415,
      code: 'UNSUPPORTED_MEDIA',
    },
    { name: 'too much', sent: post(`"${'x'.repeat(24 * 1024 * 1024)}"`), status: 413, code: 'TOO_LARGE' },
    { name: 'another path', sent: post(review(), { url: '/elsewhere' }), status: 404, code: 'NOT_FOUND' },
    { name: 'another method', sent: { method: 'GET', url: '/validate' }, status: 404, code: 'NOT_FOUND' },
    {
      name: 'a wrong length',
      sent: post('{}', { headers: { 'content-type': 'application/json', 'content-length': '7' } }),
      status: 400,
      code: 'BAD_REQUEST',
    },
  ]
  for (const { name, sent, status, code } of cases) {
    const answer = await server.inject(sent)
    t.equal(answer.statusCode, status, name)
    t.equal(answer.json().code, code, name)
    t.notMatch(answer.body, /hunter2/)
  }
})

t.test('what has waited past its time gets a 503 at once', async t => {
  const { server, told } = build({ eventLoopDelay: 1000 })
  t.equal((await server.inject(post(review(), { url: '/validate?timeout=1s' }))).statusCode, 503)
  t.equal((await server.inject(post(review(), { url: '/validate?timeout=2s' }))).statusCode, 200)
  t.match(told, [['failed', 'validate', 'OVERLOADED'], ['answered']])
})

t.test('a bug is 500, observed with the uid', async t => {
  const broken = build({
    context: () => ({
      view: new ManifestView([]),
      live: new ManifestView([]),
      rulebook: prepareRulebook(defaultSettings),
      now: () => {
        throw new Error('hunter2')
      },
    }),
  })
  const answer = await broken.server.inject(post(review()))
  t.equal(answer.statusCode, 500)
  t.strictSame(answer.json(), {
    code: 'INTERNAL',
    message: 'internal error in regcred; its log has the uid of the review',
  })
  t.strictSame(broken.told, [['failed', 'validate', 'INTERNAL', 'a review could not be answered', 'u-1']])
  const early = build({
    context: () => {
      throw 7
    },
  })
  t.equal((await early.server.inject(post(review()))).statusCode, 500)
})

t.test('whatever comes, the answer is a coded error or a review with its uid', async () => {
  const { server } = build()
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.anything().map(request => JSON.stringify({ ...review(), request }) ?? ''),
    fc.anything().map(object => JSON.stringify(review(object)) ?? ''),
    fc.anything().map(spec => JSON.stringify(review({ spec })) ?? ''),
    fc.anything().map(metadata => JSON.stringify(review({ metadata, spec: { containers: [metadata] } })) ?? ''),
  )
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom('/mutate', '/validate'), async (payload, url) => {
      const { statusCode, body } = await server.inject(post(payload, { url }))
      const answer = JSON.parse(body)
      if (statusCode !== 200) return statusCode === 400 && typeof answer.code === 'string'
      return answer.response.allowed === true && typeof answer.response.uid === 'string'
    }),
    { numRuns: 500 },
  )
})

t.test('a review that finds no room before its deadline gets OVERLOADED', async t => {
  const reviews = new FairSemaphore(1)
  const { server } = build({ reviews })
  const place = await reviews.acquire('team-a', 0, 0)
  const answer = await server.inject(post(review(), { url: '/validate?timeout=20ms' }))
  place.release()
  t.match([answer.statusCode, answer.json()], [503, { code: 'OVERLOADED' }])
})
