import t from 'tap'
import { findSpecs, readManifestSubject } from '../../src/review/manifest.ts'

const TEMPLATES = [{ group: 'argoproj.io', kind: 'Rollout', path: '/spec/template' }]
const POD = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
const WORKLOAD = { metadata: { name: 'web' }, spec: { template: POD } }

const cases: readonly [apiVersion: string, kind: string, object: unknown, about: string][] = [
  ['v1', 'Pod', POD, 'pod'],
  ['v1', 'ReplicationController', WORKLOAD, 'template'],
  ['apps/v1', 'Deployment', WORKLOAD, 'template'],
  ['argoproj.io/v1alpha1', 'Rollout', WORKLOAD, 'template'],
  ['v1', 'Secret', { metadata: { name: 'a' }, type: 'kubernetes.io/dockercfg' }, 'secret'],
  ['v1', 'Namespace', { metadata: { name: 'a' } }, 'namespace'],
  ['v1', 'ConfigMap', { metadata: { name: 'a' } }, 'nothing'],
  ['example.com/v1', 'Pod', POD, 'nothing'],
  ['v1', 'Deployment', WORKLOAD, 'nothing'],
]

t.test('what of a manifest is reviewed', async t => {
  for (const [apiVersion, kind, object, about] of cases) {
    const { subject } = readManifestSubject({ apiVersion, kind, object }, 'team-a', TEMPLATES)
    t.equal(subject.about, about, `${kind} of ${apiVersion}`)
  }
})

t.test('a manifest is as its author wrote it, whatever its kind', async t => {
  const formOf = (apiVersion: string, kind: string, object: unknown) =>
    readManifestSubject({ apiVersion, kind, object }, 'team-a', []).subject
  t.match(formOf('v1', 'Pod', POD), { form: 'written', change: 'create', serviceAccountName: 'default' })
  t.match(formOf('apps/v1', 'Deployment', WORKLOAD), { form: 'written', change: 'create' })
})

t.test('an object is in the namespace that it names, or in the fallback, but for a Namespace', async t => {
  const placeOf = (kind: string, metadata: object) => {
    const { name, namespace } = readManifestSubject({ apiVersion: 'v1', kind, object: { metadata } }, 'team-a', [])
    return [name, namespace]
  }
  t.strictSame(placeOf('Pod', { name: 'web', namespace: 'team-b' }), ['web', 'team-b'])
  t.strictSame(placeOf('Pod', { name: 'web' }), ['web', 'team-a'])
  t.strictSame(placeOf('Namespace', { name: 'team-b' }), ['team-b', ''])
  t.strictSame(placeOf('ConfigMap', { name: 'a' }), ['', ''])
})

t.test('a Secret of another type is read where its author seems to have meant a pull secret', async t => {
  const aboutOf = (object: unknown, isMeant: boolean) =>
    readManifestSubject({ apiVersion: 'v1', kind: 'Secret', object }, 'team-a', [], () => isMeant).subject.about
  const opaque = { metadata: { name: 'a' }, data: { '.dockerconfigjson': 'e30=' } }
  t.equal(aboutOf(opaque, true), 'secret')
  t.equal(aboutOf(opaque, false), 'nothing')
  t.equal(
    readManifestSubject({ apiVersion: 'v1', kind: 'Secret', object: opaque }, 'team-a', []).subject.about,
    'nothing',
  )
  t.equal(aboutOf({ ...opaque, metadata: {} }, true), 'nothing', 'it has no name')
  t.equal(aboutOf({ ...opaque, data: 7 }, true), 'unreadable')
  t.equal(aboutOf({ ...opaque, stringData: 7 }, true), 'unreadable')
})

t.test('a Pod spec is found where the path of a kind leads, and nowhere if something else stands there', async t => {
  const spec = { containers: [] }
  const of = (kind: string, object: unknown) =>
    findSpecs({ apiVersion: 'argoproj.io/v1', kind, object }, TEMPLATES).specs
  t.match(of('Rollout', { spec: { template: { spec } } }), [{ specPath: ['spec', 'template', 'spec'] }])
  t.strictSame(of('Rollout', { spec: 7 }), [{ specPath: [], templates: TEMPLATES }])
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', object: { spec: 7 } }
  t.strictSame(findSpecs(deployment, []).specs, [{ specPath: [], templates: [] }])
})
