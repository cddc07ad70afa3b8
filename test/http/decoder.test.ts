import t from 'tap'
import { Decoder } from '../../src/http/decoder.ts'

/** A review of a Pod with an annotation of so many characters, of which each is two bytes. */
function reviewOf(length: number, kind: unknown = 'Pod'): Buffer {
  const object = { metadata: { name: 'web', annotations: { a: 'é'.repeat(length) } }, spec: {} }
  const request = { uid: 'u-1', kind: { group: '', version: 'v1', kind }, operation: 'CREATE', object }
  return Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }))
}

const OPTIONS = {
  stage: 'validate',
  templates: [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }],
} as const

t.test('a large review is taken apart as a small one is', async t => {
  const decoder = new Decoder()
  t.teardown(() => decoder.close())
  const small = decoder.decode({ body: reviewOf(1), ...OPTIONS })
  t.match(small, { ok: true, review: { uid: 'u-1', title: 'Pod web', subject: { about: 'pod' } } })
  const large = decoder.decode({ body: reviewOf(1_000_000), ...OPTIONS })
  t.ok(large instanceof Promise, 'in a thread of its own')
  t.strictSame(await large, small)
  const [cut, odd] = await Promise.all([
    decoder.decode({ body: reviewOf(1_000_000).subarray(0, -1), ...OPTIONS }),
    decoder.decode({ body: reviewOf(1_000_000, 7), ...OPTIONS }),
  ])
  t.match(cut, { ok: false, error: 'NOT_JSON' })
  t.match(odd, { ok: false, error: 'NOT_A_REVIEW', fault: '/request/kind/kind must be string' })
})
