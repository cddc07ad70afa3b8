import t from 'tap'
import { decodePieces } from '../../src/http/decode-worker.ts'

/** The pieces of a review of a Pod with this in its object. */
function pieces(extra: string): Uint8Array[] {
  const text = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE",
    "kind":{"group":"","version":"v1","kind":"Pod"},"object":{"template":${extra}}}}`
  const whole = Buffer.from(text)
  return [whole.subarray(0, 50), whole.subarray(50)]
}

t.test('a body in pieces is taken apart as a whole', async t => {
  const decoded = decodePieces({ pieces: pieces('1'), stage: 'validate', templates: [] })
  t.match(decoded, { ok: true, review: { uid: 'u-1', subject: { about: 'pod' } } })
})

t.test('nothing is left out of a body where a path has a star: any member may lead to a template', async t => {
  const body = JSON.stringify({
    ...{ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' },
    request: {
      ...{ uid: 'u-1', operation: 'CREATE', kind: { group: 'kubeflow.org', version: 'v1', kind: 'PyTorchJob' } },
      object: { spec: { replicas: { Master: { template: { spec: { containers: [{ name: 'a', image: 'b' }] } } } } } },
    },
  })
  const templates = [{ group: 'kubeflow.org', kind: 'PyTorchJob', path: '/spec/replicas/*/template' }]
  const decoded = decodePieces({ pieces: [Buffer.from(body)], stage: 'validate', templates })
  t.match(decoded, { ok: true, review: { subject: { about: 'template', images: [{ image: 'b' }] } } })
})

t.test('one with more parts than any object that is stored is not', async t => {
  const extra = `[${'1,'.repeat(2_100_000)}1]`
  const decoded = decodePieces({ pieces: pieces(extra), stage: 'validate', templates: [] })
  t.match(decoded, { ok: false, error: 'TOO_COMPLEX', fault: 'it has more than 2100000 values' })
})

/** As many bytes as etcd takes of an object; in JSON it has more. */
const STORED_BYTES = 1.5 * 1024 * 1024
const MAX_BODY_BYTES = 24 * 1024 * 1024

/** Pod specs that take as much as they can in JSON: what is repeated, and how many bytes of it etcd stores at least. */
const worst: readonly { readonly name: string; readonly bytes: number; readonly spec: (count: number) => string }[] = [
  { name: 'characters that Go escapes for HTML', bytes: 1, spec: count => args('\\u003c', count) },
  { name: 'control characters', bytes: 1, spec: count => args('\\u0001', count) },
  {
    name: 'both in an image',
    bytes: 2,
    spec: count => `"initContainers":[{"image":"${'\\u003c\\u0001'.repeat(count)}"}]`,
  },
  {
    name: 'terms of an affinity',
    bytes: 13,
    spec: count => {
      const term = '{"weight":1,"podAffinityTerm":{"labelSelector":{},"topologyKey":"a","namespaceSelector":{}}}'
      return `"affinity":{"podAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":${listOf(term, count)}}}`
    },
  },
  { name: 'volumes', bytes: 14, spec: count => `"volumes":${listOf('{"name":"aaaa","emptyDir":{}}', count)}` },
  { name: 'references', bytes: 5, spec: count => `"imagePullSecrets":${listOf('{"name":"a"}', count)}` },
]

function args(text: string, count: number): string {
  return `"initContainers":[{"image":"a","args":["${text.repeat(count)}"]}]`
}

function listOf(item: string, count: number): string {
  return `[${Array(count).fill(item).join()}]`
}

for (const { name, bytes, spec } of worst) {
  t.test(`an object as large as etcd takes is read, old and new: ${name}`, async t => {
    const filling = spec(Math.floor(STORED_BYTES / bytes))
    const object = (image: string) =>
      `{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"${image}"}],${filling}}}}}`
    const review = (was: string) => {
      const request = `"uid":"u-1","operation":"UPDATE","kind":{"group":"apps","version":"v1","kind":"Deployment"}`
      const objects = `"object":${object('nginx')},"oldObject":${object(was)}`
      const body = Buffer.from(
        `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{${request},${objects}}}`,
      )
      t.ok(body.length < MAX_BODY_BYTES)
      return decodePieces({ pieces: [body], stage: 'validate', templates: [] })
    }
    t.match(review('redis'), { ok: true, review: { subject: { about: 'template', images: Array } } })
    t.match(review('nginx'), { ok: true, review: { subject: { about: 'nothing' } } })
  })
}

t.test('what is read of a body may not be more than that', async t => {
  const decoded = decodePieces({ pieces: pieces(`"${'x'.repeat(9 * 1024 * 1024)}"`), stage: 'validate', templates: [] })
  t.match(decoded, { ok: false, error: 'TOO_COMPLEX', fault: 'too much of it would have to be looked at' })
})
