import t from 'tap'
import { decodePieces } from '../../src/http/decode-worker.ts'

/** The pieces of a review of a Pod with this in its object. */
function pieces(extra: string): Uint8Array[] {
  const text = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE",
    "kind":{"group":"","version":"v1","kind":"Pod"},"object":{"x":${extra}}}}`
  const whole = Buffer.from(text)
  return [whole.subarray(0, 50), whole.subarray(50)]
}

t.test('a body in pieces is taken apart as a whole', async t => {
  const decoded = decodePieces({ pieces: pieces('1'), stage: 'validate', templates: [] })
  t.match(decoded, { ok: true, review: { uid: 'u-1', subject: { about: 'pod' } } })
})

t.test('one with more parts than any object that is stored is not', async t => {
  const extra = `[${'1,'.repeat(2_100_000)}1]`
  const decoded = decodePieces({ pieces: pieces(extra), stage: 'validate', templates: [] })
  t.match(decoded, { ok: false, error: 'TOO_COMPLEX', fault: 'it has more than 2100000 values' })
})
