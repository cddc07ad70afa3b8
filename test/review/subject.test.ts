import t from 'tap'
import type { KindPath } from '../../src/policy/settings.ts'
import type { RequestFields } from '../../src/review/schema.ts'
import { readSubject } from '../../src/review/subject.ts'

const ROLLOUT: KindPath = { group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }
const CONTROLLER = { ownerReferences: [{ controller: true }] }

interface Asked {
  readonly kind?: string
  readonly group?: string
  readonly operation?: string
  readonly subResource?: string
  readonly object?: unknown
  readonly oldObject?: unknown
  readonly form?: 'stored' | 'mutating' | 'written'
}

/** What of a request is reviewed, in a word or two; a fault as it is. */
function subjectOf({ kind = 'Pod', group = '', operation = 'CREATE', form = 'stored', ...asked }: Asked): string {
  const request: RequestFields = { uid: 'u', kind: { group, version: 'v1', kind }, operation, ...asked }
  const { subject } = readSubject(request, form, [ROLLOUT])
  if (subject.about === 'unreadable') return subject.fault
  if (subject.about === 'nothing' || subject.about === 'namespace') return subject.about
  if (subject.about === 'secret') return `secret ${subject.reading.kind}`
  return `${subject.about}, ${subject.change}: ${subject.images.map(({ image }) => image)}`
}

const pod = (images: readonly string[], tweak: { metadata?: object; spec?: object } = {}) => ({
  metadata: { name: 'web', ...tweak.metadata },
  spec: { containers: images.map((image, i) => ({ name: `c${i}`, image })), ...tweak.spec },
})
const deployment = (template: unknown, metadata = {}) => ({
  metadata: { name: 'web', ...metadata },
  spec: { template },
})
const DEPLOYMENT = { group: 'apps', kind: 'Deployment' }
const secret = (data: object, tweak: object = {}) => ({
  metadata: { name: 'acme' },
  type: 'kubernetes.io/dockerconfigjson',
  data,
  ...tweak,
})
const SECRET = { kind: 'Secret' }
const NAMESPACE = { kind: 'Namespace' }
const labelled = (labels: object) => ({ metadata: { name: 'b', labels } })
const EMPTY = { '.dockerconfigjson': 'e30=' }

const cases: readonly (Asked & { readonly name: string; readonly subject: string })[] = [
  { name: 'a new Pod', object: pod(['a']), subject: 'pod, create: a' },
  { name: 'a new Pod among the mutators', form: 'mutating', object: pod(['a']), subject: 'pod, create: a' },
  {
    name: 'an UPDATE of a Pod among the mutators',
    form: 'mutating',
    operation: 'UPDATE',
    object: pod(['a']),
    subject: 'nothing',
  },
  {
    name: 'a Pod whose labels change',
    operation: 'UPDATE',
    object: pod(['a'], { metadata: { labels: { a: 'b' } } }),
    oldObject: pod(['a']),
    subject: 'nothing',
  },
  {
    name: 'one of whose images changes',
    operation: 'UPDATE',
    object: pod(['a', 'new']),
    oldObject: pod(['a', 'b']),
    subject: 'pod, update: new',
  },
  {
    name: 'one whose old self says nothing',
    operation: 'UPDATE',
    object: pod(['a']),
    oldObject: {},
    subject: 'pod, update: a',
  },
  { name: 'one without an old self', operation: 'UPDATE', object: pod(['a']), subject: 'pod, update: a' },
  {
    name: 'one whose old self has wrong types',
    operation: 'UPDATE',
    object: pod(['a']),
    oldObject: { spec: { containers: 'hunter2' } },
    subject: 'oldObject.spec.containers must be a list',
  },
  {
    name: 'an ephemeral container',
    operation: 'UPDATE',
    subResource: 'ephemeralcontainers',
    object: pod(['a'], { spec: { ephemeralContainers: [{ name: 'debug', image: 'sh' }] } }),
    oldObject: pod(['a']),
    subject: 'pod, ephemeral: sh',
  },
  { name: 'another subresource', operation: 'UPDATE', subResource: 'status', object: pod(['a']), subject: 'nothing' },
  { name: 'what is deleted', operation: 'DELETE', object: null, subject: 'nothing' },
  {
    name: 'what is being deleted',
    operation: 'UPDATE',
    object: pod(['a'], { metadata: { deletionTimestamp: 'now' } }),
    subject: 'nothing',
  },
  { name: 'an object that is none', object: 7, subject: 'the object must be a mapping' },
  {
    name: 'a Pod whose spec has wrong types',
    object: { spec: { containers: 7 } },
    subject: 'spec.containers must be a list',
  },

  { name: 'a new template', ...DEPLOYMENT, object: deployment(pod(['a'])), subject: 'template, create: a' },
  {
    name: 'a template among the mutators',
    form: 'mutating',
    ...DEPLOYMENT,
    object: deployment(pod(['a'])),
    subject: 'nothing',
  },
  {
    name: 'a template that changes',
    ...DEPLOYMENT,
    operation: 'UPDATE',
    object: deployment(pod(['b'])),
    oldObject: deployment(pod(['a'])),
    subject: 'template, create: b',
  },
  {
    name: 'one that does not',
    ...DEPLOYMENT,
    operation: 'UPDATE',
    object: deployment(pod(['a']), { labels: { a: 'b' } }),
    oldObject: deployment(pod(['a'])),
    subject: 'nothing',
  },
  {
    name: 'one that names a controller, whoever asked',
    group: 'apps',
    kind: 'ReplicaSet',
    object: deployment(pod(['a']), CONTROLLER),
    subject: 'template, create: a',
  },
  {
    name: 'one of a file that names a controller',
    form: 'written',
    group: 'apps',
    kind: 'ReplicaSet',
    object: deployment(pod(['a']), CONTROLLER),
    subject: 'nothing',
  },
  {
    name: 'one that somebody owns who is no controller',
    group: 'apps',
    kind: 'ReplicaSet',
    object: deployment(pod(['a']), { ownerReferences: [{}] }),
    subject: 'template, create: a',
  },
  {
    name: 'its scale',
    ...DEPLOYMENT,
    operation: 'UPDATE',
    subResource: 'scale',
    object: deployment(pod(['a'])),
    subject: 'nothing',
  },
  {
    name: 'a controller without a template',
    kind: 'ReplicationController',
    object: deployment(null),
    subject: 'nothing',
  },
  { name: 'a template that leads nowhere', ...DEPLOYMENT, object: { metadata: {} }, subject: 'nothing' },
  { name: 'a template that says nothing', ...DEPLOYMENT, object: deployment({}), subject: 'template, create: ' },
  {
    name: 'a template that is none',
    ...DEPLOYMENT,
    object: deployment({ spec: { containers: 'none' } }),
    subject: 'spec.template.spec.containers must be a list',
  },
  {
    name: 'what stands in the way of a template',
    ...DEPLOYMENT,
    object: { spec: [] },
    subject: 'spec must be a mapping',
  },
  {
    name: 'a kind by configuration',
    group: 'argoproj.io',
    kind: 'Rollout',
    object: deployment(pod(['a'])),
    subject: 'template, create: a',
  },
  {
    name: 'any other kind',
    kind: 'ConfigMap',
    object: { metadata: { name: 'a' } },
    subject: 'kind "ConfigMap" is not reviewed',
  },
  { name: 'a Pod of another group', group: 'a.example', object: pod(['a']), subject: 'kind "Pod" is not reviewed' },

  { name: 'a pull secret', ...SECRET, object: secret(EMPTY), subject: 'secret pullSecret' },
  {
    name: 'a pull secret whose labels change',
    ...SECRET,
    operation: 'UPDATE',
    object: secret(EMPTY, { metadata: { name: 'acme', labels: { a: 'b' } } }),
    oldObject: secret(EMPTY),
    subject: 'nothing',
  },
  {
    name: 'one whose contents change',
    ...SECRET,
    operation: 'UPDATE',
    object: secret({ '.dockerconfigjson': 'Ww==' }),
    oldObject: secret(EMPTY),
    subject: 'secret malformed',
  },
  {
    name: 'one whose old self cannot be read',
    ...SECRET,
    operation: 'UPDATE',
    object: secret(EMPTY),
    oldObject: 7,
    subject: 'secret pullSecret',
  },
  { name: 'one without a name', ...SECRET, object: secret(EMPTY, { metadata: {} }), subject: 'nothing' },
  { name: 'a Secret of another type', ...SECRET, object: secret(EMPTY, { type: 'Opaque' }), subject: 'nothing' },
  { name: 'a Secret that is none', ...SECRET, object: { data: [] }, subject: 'data must be a mapping' },

  { name: 'a Namespace', ...NAMESPACE, object: labelled({}), subject: 'namespace' },
  {
    name: 'a Namespace whose mode changes',
    ...NAMESPACE,
    operation: 'UPDATE',
    object: labelled({ 'regcred.dev/mode': 'warn' }),
    oldObject: labelled({}),
    subject: 'namespace',
  },
  {
    name: 'one of which nothing of ours changes',
    ...NAMESPACE,
    operation: 'UPDATE',
    object: labelled({ a: 'b' }),
    oldObject: labelled({}),
    subject: 'nothing',
  },
  {
    name: 'one whose old self is empty',
    ...NAMESPACE,
    operation: 'UPDATE',
    object: labelled({}),
    oldObject: {},
    subject: 'nothing',
  },
  {
    name: 'one whose old self cannot be read',
    ...NAMESPACE,
    operation: 'UPDATE',
    object: labelled({}),
    oldObject: 7,
    subject: 'namespace',
  },
]

for (const { name, subject, ...asked } of cases) {
  t.test(`reviewed: ${name}`, async t => t.equal(subjectOf(asked), subject))
}

t.test('an object has the name that it has, or that it will be given', async t => {
  const nameOf = (metadata: object) => {
    const request = {
      uid: 'u',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      operation: 'CREATE',
      object: { metadata },
    }
    const { name, namespace } = readSubject(request, 'stored', [])
    return [name, namespace]
  }
  t.strictSame(nameOf({ name: 'web', generateName: 'x', namespace: 'team-a' }), ['web', 'team-a'])
  t.strictSame(nameOf({ generateName: 'web-' }), ['web-…', ''])
  t.strictSame(nameOf({}), ['', ''])
})

t.test('the templates of one object are judged together if they have the same pull secrets', async t => {
  const templates = [{ group: 'batch.volcano.sh', kind: 'Job', path: '/spec/tasks/*/template' }]
  const task = (image: string, name: string) => ({
    template: { spec: { imagePullSecrets: [{ name }], containers: [{ name: 'a', image }] } },
  })
  const read = (tasks: readonly object[], old?: readonly object[]) => {
    const request = {
      ...{ uid: 'u', kind: { group: 'batch.volcano.sh', version: 'v1alpha1', kind: 'Job' } },
      operation: old === undefined ? 'CREATE' : 'UPDATE',
      object: { metadata: { name: 'a' }, spec: { tasks } },
      oldObject: { spec: { tasks: old } },
    }
    return readSubject(request, 'stored', templates).subject
  }
  const alike = read([task('a', 'acme'), task('b', 'acme')])
  t.match(alike, { about: 'template', references: ['acme'], images: [{ image: 'a' }, { image: 'b' }] })
  t.match(read([task('a', 'acme'), task('b', 'other')]), { about: 'unreadable', fault: /different pull secrets/ })
  t.match(read([]), { about: 'nothing' })
  t.match(read([task('a', 'b')], [task('a', 'b')]), { about: 'nothing' }, 'nothing has changed')
  t.match(read([task('a', 'b')], [task('b', 'b')]), { about: 'template' })
  t.match(read([{ template: { containers: [{ name: 'a', image: 'c' }] } }]), { images: [{ image: 'c' }] }, 'a Pod spec')
})

t.test('of a kind with a list of templates that is empty nothing is reviewed', async t => {
  const templates = [{ group: 'batch.volcano.sh', kind: 'Job', path: '/spec/tasks/*/template' }]
  const kind = { group: 'batch.volcano.sh', version: 'v1alpha1', kind: 'Job' }
  const request = { uid: 'u', kind, operation: 'CREATE', object: { metadata: { name: 'a' }, spec: { tasks: [] } } }
  t.equal(readSubject(request, 'stored', templates).subject.about, 'nothing')
})

t.test('where the pull secrets of an object are changed', async t => {
  const at = (path: string) => ({ group: 'ray.io', kind: 'RayCluster', path })
  const homeOf = (spec: object, ...templates: KindPath[]) => {
    const kind = { group: 'ray.io', version: 'v1', kind: 'RayCluster' }
    const object = { metadata: { name: 'web' }, spec }
    const { subject } = readSubject({ uid: 'u', kind, operation: 'CREATE', object }, 'stored', templates)
    return 'home' in subject ? subject.home.list : undefined
  }
  const template = { spec: { containers: [{ name: 'a', image: 'b' }] } }
  const spec = { head: { template }, workers: [{ template }, { template }] }
  t.equal(homeOf(spec, at('/spec/head/template')), 'spec.head.template.spec.imagePullSecrets')
  t.equal(homeOf(spec, at('/spec/workers/*/template')), 'spec.workers.*.template.spec.imagePullSecrets')
  t.equal(
    homeOf(spec, at('/spec/head/template'), at('/spec/workers/*/template')),
    'imagePullSecrets of each Pod template',
  )
  t.equal(homeOf({ pod: template.spec }, at('/spec/pod')), 'spec.pod.imagePullSecrets')
})
