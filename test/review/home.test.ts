import t from 'tap'
import { isFromCluster, keeperOf, listIn, readHome, toolOf } from '../../src/review/home.ts'
import type { MetadataFields } from '../../src/review/schema.ts'

const POD = { group: '', kind: 'Pod' }
const LIST = 'spec.imagePullSecrets'
const read = (metadata: MetadataFields, kind = POD) => readHome(metadata, kind, LIST, 'stored')
const ownedBy = (owner: object, metadata: MetadataFields = {}) =>
  read({ ...metadata, ownerReferences: [{ kind: 'Other' }, { controller: true, ...owner }] }).owner

const tools: readonly [name: string, metadata: MetadataFields, tool: string | undefined][] = [
  ['nothing', {}, undefined],
  ['a tracking id', { annotations: { 'argocd.argoproj.io/tracking-id': 'a' } }, 'Argo CD'],
  ['the label of an application', { labels: { 'argocd.argoproj.io/instance': 'a' } }, 'Argo CD'],
  ['a field manager', { managedFields: [{}, { manager: 'argocd-controller' }] }, 'Argo CD'],
  ['another', { managedFields: [{ manager: 'argocd-application-controller' }] }, 'Argo CD'],
  ['a Kustomization', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'a' } }, 'Flux'],
  ['a HelmRelease', { labels: { 'helm.toolkit.fluxcd.io/name': 'a' } }, 'Flux'],
  ['its controllers', { managedFields: [{ manager: 'kustomize-controller' }] }, 'Flux'],
  ['the other one', { managedFields: [{ manager: 'helm-controller' }] }, 'Flux'],
  ['a release', { annotations: { 'meta.helm.sh/release-name': 'a' } }, 'Helm'],
  ['a chart', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'Helm'],
  ['helm itself', { managedFields: [{ manager: 'helm' }] }, 'Helm'],
  ['kubectl', { managedFields: [{ manager: 'kubectl-client-side-apply' }, { manager: 7 }] }, undefined],
  ['something else', { labels: { 'app.kubernetes.io/managed-by': 'me' } }, undefined],
  [
    'a chart that Argo CD applies',
    { labels: { 'app.kubernetes.io/managed-by': 'Helm', 'argocd.argoproj.io/instance': 'a' } },
    'Argo CD',
  ],
  [
    'a chart that Flux applies',
    {
      annotations: { 'meta.helm.sh/release-name': 'a' },
      labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.toolkit.fluxcd.io/name': 'a' },
    },
    'Flux',
  ],
  ['a prototype', { labels: Object.create({ 'argocd.argoproj.io/instance': 'a' }) }, undefined],
]

for (const [name, metadata, tool] of tools) {
  t.test(`what applies an object: ${name}`, async t => {
    t.equal(toolOf(metadata), tool)
    t.equal(read(metadata).tool, tool)
  })
}

t.test('of field owners a handful are looked at', async t => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ manager: `m${i}` }))
  t.equal(toolOf({ managedFields: [...many, { manager: 'helm' }] }), undefined)
  t.equal(toolOf({ managedFields: [{ manager: 'helm' }, ...many] }), 'Helm')
})

t.test('a file is changed where it is, whatever it says about tools', async t => {
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' }
  t.strictSame(readHome({ labels }, POD, LIST, 'written'), { isFile: true, list: LIST })
  t.match(readHome({ labels, uid: 'u-1' }, POD, LIST, 'written'), { isFile: false, tool: 'Helm' })
  t.notOk(isFromCluster({ uid: '' }))
  t.notOk(isFromCluster({ uid: 7 }))
})

t.test('a Pod and a Job are made again, from a file that has their name or makes it up', async t => {
  t.equal(read({ name: 'web' }).again, 'replace')
  t.equal(read({ name: 'web-x7k2p', generateName: 'web-' }).again, 'create')
  t.equal(read({ name: 'web' }, { group: 'batch', kind: 'Job' }).again, 'replace')
  t.equal(read({ name: 'web' }, { group: 'apps', kind: 'Deployment' }).again, undefined)
  t.equal(read({ name: 'web' }, { group: 'example.com', kind: 'Pod' }).again, undefined)
})

t.test('what makes it again, and where that has its list', async t => {
  const list = 'spec.template.spec.imagePullSecrets'
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d9' }
  t.strictSame(ownedBy(set), { kind: 'ReplicaSet', name: 'web-5d9', list })
  t.strictSame(ownedBy({ apiVersion: 'v1', kind: 'ReplicationController', name: 'r' })?.list, list)
  t.strictSame(ownedBy({ apiVersion: 'argoproj.io/v1', kind: 'Rollout', name: 'r' }), {
    kind: 'Rollout',
    name: 'r',
    list: undefined,
  })
  const hashed = (hash: string) => ownedBy(set, { labels: { 'pod-template-hash': hash } })
  t.strictSame(hashed('5d9'), { kind: 'Deployment', name: 'web', list })
  for (const other of ['d9', '', 'web-5d9', 'x']) t.equal(hashed(other)?.kind, 'ReplicaSet', other)
  t.equal(ownedBy({ ...set, name: '-5d9' }, { labels: { 'pod-template-hash': '5d9' } }), undefined)
  t.equal(read({ ownerReferences: [set] }).owner, undefined, 'it is not its controller')
})

t.test('what can be no name is named to nobody', async t => {
  const names = ['', 'a b', '$(id)', 'a\nb', '\u202e', 'a'.repeat(254), 7, null]
  for (const name of names) t.equal(ownedBy({ kind: 'Job', name }), undefined, JSON.stringify(name))
  for (const kind of ['', 'job', 'A b', 'A\u202e', 'A'.repeat(64), null])
    t.equal(ownedBy({ kind, name: 'a' }), undefined, JSON.stringify(kind))
})

t.test('the list of pull secrets in a template', async t => {
  t.equal(listIn('/spec/template'), 'spec.template.spec.imagePullSecrets')
  t.equal(listIn('/spec/predictor', true), 'spec.predictor.imagePullSecrets')
  t.equal(listIn('/spec/a~1b/*'), 'spec.a/b.*.spec.imagePullSecrets')
})

const controlled = (kind: string, name = 'acme', controller = true): MetadataFields => ({
  ownerReferences: [{ kind, name, controller }],
})

const keepers: readonly [name: string, metadata: MetadataFields, keeper: object][] = [
  ['nothing', {}, {}],
  ['an ExternalSecret', controlled('ExternalSecret'), { writer: 'ExternalSecret "acme"' }],
  ['a SealedSecret', controlled('SealedSecret'), { writer: 'SealedSecret "acme"' }],
  ['an owner that is no controller', controlled('Deployment', 'acme', false), {}],
  ['an owner with no name', controlled('ExternalSecret', 'a\nb'), {}],
  [
    'an ExternalSecret that Argo CD applies',
    { ...controlled('ExternalSecret'), labels: { 'argocd.argoproj.io/instance': 'a' } },
    { writer: 'ExternalSecret "acme"' },
  ],
  [
    'External Secrets, into one that it does not own',
    { labels: { 'reconcile.external-secrets.io/managed': 'true' } },
    { writer: 'External Secrets' },
  ],
  [
    'External Secrets, by its field manager',
    { managedFields: [{}, { manager: 'externalsecrets.external-secrets.io/acme' }] },
    { writer: 'External Secrets' },
  ],
  ['Helm', { annotations: { 'meta.helm.sh/release-name': 'a' } }, { tool: 'Helm' }],
]

for (const [name, metadata, keeper] of keepers) {
  t.test(`what keeps a Secret as it is: ${name}`, async t => {
    t.strictSame(keeperOf(metadata), keeper)
  })
}
