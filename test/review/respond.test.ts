import t from 'tap'
import type { Decision } from '../../src/decision/decision.ts'
import { respond } from '../../src/review/respond.ts'

const responseOf = (decision: Partial<Decision>) =>
  JSON.parse(respond('u-1', { allowed: true, warnings: [], annotations: {}, ...decision }))

t.test('what there is nothing to say of is left out', async t => {
  t.strictSame(responseOf({}), {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: 'u-1', allowed: true },
  })
})

t.test('a patch is in base64', async t => {
  const patch = [{ op: 'add', path: '/spec/imagePullSecrets', value: [{ name: 'é' }] }] as const
  const { response } = responseOf({ patch })
  t.equal(response.patchType, 'JSONPatch')
  t.strictSame(JSON.parse(Buffer.from(response.patch, 'base64').toString()), patch)
})

t.test('a refusal, warnings and annotations', async t => {
  const annotations = { mode: 'enforce' }
  t.strictSame(responseOf({ allowed: false, refusal: 'no', warnings: ['a', 'b'], annotations }).response, {
    uid: 'u-1',
    allowed: false,
    status: { code: 403, reason: 'Forbidden', message: 'no' },
    warnings: ['a', 'b'],
    auditAnnotations: annotations,
  })
})

t.test('who is refused until more is known is told when to try again, as the API server itself does', async t => {
  const { status } = responseOf({ allowed: false, refusal: 'not yet', retryAfterSeconds: 1 }).response
  const details = { retryAfterSeconds: 1 }
  t.strictSame(status, { code: 429, reason: 'TooManyRequests', message: 'not yet', details })
})
