import t from 'tap'
import type { Entry } from '../../src/kubelet/entry.ts'
import type { SecretReading } from '../../src/kubelet/secret.ts'
import { decode } from '../../src/review/decode.ts'
import type { PodSubject, Review, Subject } from '../../src/review/review.ts'
import { trimReview } from '../../src/review/trim.ts'

const MOST = 12_000

/** The review of a Pod with these fields. */
function reviewOf(spec: object, metadata: object = {}): Review {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const request = { uid: 'u', kind, operation: 'CREATE', object: { metadata, spec } }
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
  const decoded = decode(body, 'validate', [])
  if (!decoded.ok) throw new Error(decoded.fault)
  return decoded.review
}

function trimmed(subject: Subject): Subject {
  return trimReview({ ...reviewOf({}), subject }).subject
}

function trimmedPod(review: Review): PodSubject {
  const { subject } = trimReview(review)
  if (subject.about !== 'pod') throw new Error(subject.about)
  return subject
}

function manyOf<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

t.test('of an ordinary review nothing is left out', async t => {
  const managedFields = [{ fieldsV1: { 'f:spec': { 'f:imagePullSecrets': { 'k:{"name":"a"}': {} } } } }]
  const annotations = { 'regcred.dev/pull-secrets': 'c' }
  const review = reviewOf(
    { containers: [{ name: 'web', image: 'a' }], imagePullSecrets: [{ name: 'a' }, { name: 'b' }] },
    { managedFields, annotations },
  )
  t.strictSame(trimReview(review), review)
  t.strictSame(trimmed({ about: 'nothing' }), { about: 'nothing' })
  t.strictSame(trimmedPod(reviewOf({})).written, undefined)
})

t.test('a Pod with more images or references than a budget ever suffices for keeps their number', async t => {
  const full = reviewOf({ containers: manyOf(MOST, i => ({ image: `i${i}` })) })
  t.strictSame(trimReview(full), full)
  const images = trimmedPod(reviewOf({ containers: manyOf(MOST + 1, i => ({ image: `i${i}` })) }))
  t.equal(images.images.length, MOST)
  t.strictSame(images.untrimmed, { images: MOST + 1, references: 0 })
  const references = trimmedPod(reviewOf({ imagePullSecrets: manyOf(MOST + 1, i => ({ name: `r${i}` })) }))
  t.equal(references.references.length, MOST)
  t.strictSame(references.untrimmed, { images: 0, references: MOST + 1 })
})

t.test('of the names that its author wrote those that are listed are kept', async t => {
  const names = manyOf(1000, i => [`k:{"name":"n${i}"}`, {}])
  const managedFields = [{ fieldsV1: { 'f:spec': { 'f:imagePullSecrets': Object.fromEntries(names) } } }]
  const review = reviewOf({ imagePullSecrets: [{ name: 'n7' }, { name: 'other' }] }, { managedFields })
  t.strictSame(trimmedPod(review).written, new Set(['n7']))
})

t.test('an annotation is kept as far as the API server would store it', async t => {
  const annotations = { 'regcred.dev/pull-secrets': 'a,'.repeat(200_000) }
  t.equal(trimmedPod(reviewOf({}, { annotations })).pullSecrets?.length, 256 * 1024)
})

t.test('what is said of an object that cannot be read is cut', async t => {
  t.match(trimmed({ about: 'unreadable', fault: 'x'.repeat(2000) }), { fault: 'x'.repeat(1000) })
})

const entry = (usable: boolean): Entry => ({ key: 'a', usable })
const readingOf = (entries: Entry[]): SecretReading => ({ kind: 'pullSecret', name: 's', entries, generated: false })

function trimmedEntries(entries: Entry[]): readonly Entry[] {
  const subject = trimmed({ about: 'secret', isFile: false, tool: undefined, ignored: [], reading: readingOf(entries) })
  return subject.about === 'secret' && subject.reading.kind === 'pullSecret' ? subject.reading.entries : []
}

t.test('of a Secret with very many entries a usable one is kept', async t => {
  const wrong: Subject = {
    about: 'secret',
    isFile: false,
    tool: undefined,
    ignored: [],
    reading: { kind: 'wrongType', name: 's' },
  }
  t.equal(trimmed(wrong), wrong)
  t.equal(trimmedEntries(manyOf(MOST, () => entry(false))).length, MOST)
  const none = trimmedEntries(manyOf(MOST + 5, () => entry(false)))
  t.strictSame([none.length, none.some(({ usable }) => usable)], [MOST, false])
  const last = trimmedEntries([...manyOf(MOST + 5, () => entry(false)), entry(true)])
  t.strictSame([last.length, last.filter(({ usable }) => usable).length], [MOST, 1])
  const early = trimmedEntries([entry(true), ...manyOf(MOST + 5, () => entry(false))])
  t.strictSame([early.length, early[0]?.usable], [MOST, true])
})
