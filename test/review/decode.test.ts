import t from 'tap'
import { decode } from '../../src/review/decode.ts'

const POD = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
const REQUEST = {
  uid: 'u-1',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  namespace: 'team-a',
  operation: 'CREATE',
  object: POD,
}

const bodyOf = (request: object) =>
  JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { ...REQUEST, ...request } })

function reviewOf(request: object, stage: 'mutate' | 'validate' = 'validate') {
  const decoded = decode(bodyOf(request), stage, [])
  if (!decoded.ok) throw new Error(decoded.fault)
  return decoded.review
}

t.test('a review', async t => {
  const asked = { userInfo: { username: 'jane', groups: ['developers'] }, dryRun: true, name: 'web' }
  t.match(reviewOf(asked), {
    uid: 'u-1',
    stage: 'validate',
    dryRun: true,
    username: 'jane',
    groups: ['developers'],
    namespace: 'team-a',
    title: 'Pod web',
    kind: 'Pod',
    subject: { about: 'pod', form: 'stored' },
  })
  t.match(reviewOf({}, 'mutate'), {
    stage: 'mutate',
    dryRun: false,
    username: undefined,
    groups: [],
    subject: { form: 'mutating' },
  })
})

t.test('the title is what people call the object, and never longer than a line', async t => {
  const titleOf = (request: object) => reviewOf(request).title
  t.equal(titleOf({ name: 'of-the-request' }), 'Pod of-the-request')
  t.equal(titleOf({ name: '', object: { metadata: { generateName: 'web-' } } }), 'Pod web-…')
  t.equal(titleOf({ object: {} }), 'Pod')
  t.equal(titleOf({ name: 'x'.repeat(1000) }).length, 300)
})

t.test('a user name of any length is no error, or its objects would get through', async t => {
  const named = (username: string) => reviewOf({ userInfo: { username } }).username
  t.equal(named('x'.repeat(16_384))?.length, 16_384)
  t.equal(named('x'.repeat(16_385)), undefined)
})

t.test('groups that are too many or too long are left out', async t => {
  const groups = ['developers', 'x'.repeat(1025), ...Array.from({ length: 10_000 }, (_, at) => `group-${at}`)]
  const kept = reviewOf({ userInfo: { username: 'jane', groups } }).groups
  t.equal(kept.length, 9_999)
  t.strictSame(kept.slice(0, 2), ['developers', 'group-0'])
})

t.test('a Namespace is in no namespace', async t => {
  t.equal(reviewOf({ kind: { group: '', version: 'v1', kind: 'Namespace' } }).namespace, '')
  t.equal(reviewOf({ namespace: null }).namespace, '')
})

t.test('what is wrong with the object is no error, and with the review it is', async t => {
  t.match(reviewOf({ object: 7 }), { subject: { about: 'unreadable' } })
  t.strictSame(decode('{', 'validate', []), { ok: false, error: 'NOT_JSON', fault: 'the body is not JSON' })
  t.match(decode('{}', 'validate', []), { ok: false, error: 'NOT_A_REVIEW' })
  t.match(decode(bodyOf({ uid: '' }), 'validate', []), { ok: false, error: 'NOT_A_REVIEW' })
  const wrong = bodyOf({}).replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1')
  t.match(decode(wrong, 'validate', []), { ok: false, error: 'NOT_A_REVIEW' })
})

t.test('further kinds with a template are those that it is told of', async t => {
  const rollout = {
    kind: { group: 'argoproj.io', version: 'v1', kind: 'Rollout' },
    object: { spec: { template: POD } },
  }
  const templates = [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }]
  t.match(decode(bodyOf(rollout), 'validate', templates), { review: { subject: { about: 'template' } } })
  t.match(decode(bodyOf(rollout), 'validate', []), { review: { subject: { about: 'unreadable' } } })
})
