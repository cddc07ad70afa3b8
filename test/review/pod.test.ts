import t from 'tap'
import { imagesOf, readPod } from '../../src/review/pod.ts'
import type { MetadataFields, PodSpecFields } from '../../src/review/schema.ts'

const read = (metadata: MetadataFields, spec: PodSpecFields = {}) => readPod(metadata, spec, 'pod', 'stored', 'create')

t.test('a Pod that says nothing', async t => {
  t.strictSame(read({}), {
    about: 'pod',
    form: 'stored',
    change: 'create',
    owner: 'none',
    mirror: false,
    optedOut: false,
    pullSecrets: undefined,
    serviceAccountName: 'default',
    hasList: false,
    references: [],
    written: undefined,
    images: [],
  })
})

t.test('containers of all three kinds and image volumes are images', async t => {
  t.strictSame(
    imagesOf({
      containers: [{ name: 'web', image: 'a', imagePullPolicy: 'Never' }, { name: 'none' }, { image: 'b' }],
      initContainers: [{ name: 'init', image: 'c', imagePullPolicy: 'Always' }],
      ephemeralContainers: [{ name: 'debug', image: 'd' }],
      volumes: [
        { name: 'files', image: { reference: 'e', pullPolicy: 'Never' } },
        { name: 'tmp' },
        { name: 'odd', image: null },
      ],
    }),
    [
      { container: 'init', image: 'c', pulled: true },
      { container: 'web', image: 'a', pulled: false },
      { container: '', image: 'b', pulled: true },
      { container: 'debug', image: 'd', pulled: true },
      { container: 'files', image: 'e', pulled: false },
    ],
  )
})

t.test('annotations', async t => {
  const annotated = (annotations: Record<string, unknown>) => read({ annotations })
  t.match(annotated({ 'kubernetes.io/config.mirror': '' }), { mirror: true, optedOut: false })
  t.match(annotated({ 'regcred.dev/inject': 'disabled' }), { mirror: false, optedOut: true })
  t.match(annotated({ 'regcred.dev/inject': 'enabled' }), { optedOut: false })
  t.match(annotated({ 'regcred.dev/pull-secrets': ' a, b' }), { pullSecrets: ' a, b' })
  t.match(annotated({ 'regcred.dev/pull-secrets': 7 }), { pullSecrets: undefined })
})

t.test("a Pod has its own owner, a template's Pod that of the object around it", async t => {
  const owned = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true }] }
  t.match(read(owned), { owner: 'builtIn' })
  t.match(readPod(owned, {}, 'template', 'written', 'create', 'none'), { owner: 'none' })
})

t.test('references, with the empty ones', async t => {
  t.match(read({}, { imagePullSecrets: [{ name: 'a' }, {}, { name: null }] }), {
    hasList: true,
    references: ['a', '', ''],
  })
  t.match(read({}, { imagePullSecrets: [] }), { hasList: true, references: [] })
  t.match(read({}, { imagePullSecrets: null }), { hasList: false, references: [] })
})

t.test('the ServiceAccount', async t => {
  const accountOf = (spec: PodSpecFields) => read({}, spec).serviceAccountName
  t.equal(accountOf({ serviceAccountName: '', serviceAccount: '' }), 'default', 'an empty name is none')
  t.equal(accountOf({ serviceAccount: 'builder' }), 'builder', 'by its deprecated name')
  t.equal(accountOf({ serviceAccountName: 'new', serviceAccount: 'old' }), 'new')
})

t.test('the names that the author wrote are known from the field owners', async t => {
  const writtenBy = (...fields: (Record<string, unknown> | null)[]) =>
    read({ managedFields: fields.map(fieldsV1 => ({ fieldsV1 })) }).written
  const references = (...keys: string[]) => ({
    'f:spec': { 'f:imagePullSecrets': Object.fromEntries(keys.map(key => [key, {}])) },
  })
  t.equal(writtenBy(), undefined, 'nothing is recorded')
  t.strictSame(writtenBy({ 'f:spec': {} }, null, {}), new Set())
  t.strictSame(writtenBy({ 'f:spec': null }, { 'f:spec': 'x' }), new Set())
  t.strictSame(
    writtenBy(references('.', 'k:{"name":"a"}'), references('k:{"name":"b-1.c"}', 'k:{"name":"A B"}', 'v:x')),
    new Set(['a', 'b-1.c']),
  )
  const metadata = { managedFields: [{ fieldsV1: references('k:{"name":"a"}') }] }
  t.equal(
    readPod(metadata, {}, 'template', 'written', 'create').written,
    undefined,
    'a template has no owners of its own',
  )
})
