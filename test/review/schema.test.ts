import t from 'tap'
import { checkEnvelope, checkPod, checkSecret } from '../../src/review/schema.ts'

const REQUEST = { uid: 'u', kind: { group: '', version: 'v1', kind: 'Pod' }, operation: 'CREATE' }
const REVIEW = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: REQUEST }

t.test('what is wrong is told with its place, as people write places', async t => {
  const cases = [
    { found: checkPod(7), fault: 'the object must be a mapping' },
    { found: checkPod({ spec: { containers: [{ image: 7 }] } }), fault: 'spec.containers[0].image must be a string' },
    { found: checkPod({ spec: 7 }, '/spec/template'), fault: 'spec.template.spec must be a mapping' },
    { found: checkSecret({ data: { 'a/b': 7 } }), fault: 'data["a/b"] must be a string' },
    { found: checkSecret({ data: { '0': 7 } }), fault: 'data[0] must be a string' },
    { found: checkEnvelope({ ...REVIEW, kind: 'Review' }), fault: 'kind has another value' },
    {
      found: checkEnvelope({ ...REVIEW, request: { ...REQUEST, dryRun: 'x' } }),
      fault: 'request.dryRun must be true or false',
    },
    {
      found: checkEnvelope({ ...REVIEW, request: { ...REQUEST, uid: '' } }),
      fault: 'request.uid must not have fewer than 1 characters',
    },
  ]
  for (const { found, fault } of cases) t.strictSame(found, { fault })
})
