import t from 'tap'
import { ManifestView, type ManifestViewOptions } from '../../src/manifests/view.ts'
import { ABSENT, UNKNOWN } from '../../src/policy/known.ts'

const IMAGE = { registry: 'ghcr.io', path: 'acme/web' }

const manifest = (kind: string, metadata: object, rest: object = {}) => ({
  file: 'f',
  apiVersion: 'v1',
  kind,
  object: { metadata, ...rest },
})
const secret = (name: string, namespace = 'team-a', key = 'ghcr.io') =>
  manifest(
    'Secret',
    { name, namespace },
    {
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [key]: { username: 'u', password: 'p' } } }) },
    },
  )
const viewOf = (manifests: ReturnType<typeof manifest>[], options: ManifestViewOptions = {}) =>
  new ManifestView(manifests, options)

t.test('an empty cluster', async t => {
  const view = viewOf([])
  t.strictSame([...view.secretNames('default')], [])
  t.strictSame(view.credentials('default', IMAGE), [])
  t.equal(await view.lookForMatch('default', ['a']), undefined)
  t.equal(await view.lookForMatch('default', []), undefined)
  t.equal(view.noteMisses(), undefined, 'nothing changes, so nothing is remembered')
  t.strictSame(view.secret('default', 'a'), ABSENT)
  t.equal(view.size, 0)
})

t.test('what is held is found, live or not', async t => {
  const view = viewOf([
    secret('acme'),
    manifest('ServiceAccount', { name: 'default', namespace: 'team-a' }, { imagePullSecrets: [{ name: 'acme' }] }),
    manifest('Namespace', { name: 'team-a', labels: { 'regcred.dev/mode': 'warn' } }),
    manifest('ConfigMap', { name: 'other' }),
    { ...manifest('Secret', { name: 'of-another-version' }), apiVersion: 'v2' },
  ])
  t.equal(view.size, 3)
  t.match(view.secret('team-a', 'acme'), { value: { kind: 'pullSecret', name: 'acme' } })
  t.strictSame(await view.readSecret('team-a', 'acme'), view.secret('team-a', 'acme'))
  t.strictSame([...view.secretNames('team-a')], ['acme'])
  t.equal(view.credentials('team-a', IMAGE).length, 1)
  t.equal(await view.lookForMatch('team-a', ['a']), undefined, 'the view has found what there is')
  t.match(view.serviceAccount('team-a', 'default'), { value: { references: ['acme'] } })
  t.strictSame(await view.readServiceAccount('team-a', 'default'), view.serviceAccount('team-a', 'default'))
  t.match(view.namespace('team-a'), { value: { mode: 'warn' } })
  t.strictSame(await view.readNamespace('team-a'), view.namespace('team-a'))
})

t.test('an object that names no namespace is in the fallback', async t => {
  t.match(viewOf([secret('a', '')]).secret('default', 'a'), { state: 'value' })
  t.match(viewOf([secret('a', '')], { namespace: 'team-b' }).secret('team-b', 'a'), { state: 'value' })
})

t.test('of two manifests of one object the last holds', async t => {
  const view = viewOf([secret('a'), secret('a', 'team-a', 'quay.io')])
  t.strictSame(view.credentials('team-a', IMAGE), [])
  const opaque = viewOf([secret('a'), manifest('Secret', { name: 'a', namespace: 'team-a' })])
  t.strictSame(opaque.credentials('team-a', IMAGE), [])
  t.match(opaque.secret('team-a', 'a'), { value: { kind: 'wrongType', type: 'Opaque' } })
})

t.test('what cannot be read or has no name is not held', async t => {
  const odd = [
    manifest('Secret', { name: 'odd' }, { data: 7 }),
    manifest('Secret', { name: '' }),
    manifest('Secret', {}),
    manifest('Namespace', { name: 7 }),
  ]
  t.equal(viewOf(odd).size, 0)
})

t.test('of a repository that is kept without its Secrets, they are unknown', async t => {
  const view = viewOf([secret('a')], { sparse: true })
  t.strictSame(view.secret('team-a', 'b'), ABSENT)
  t.strictSame(view.secret('team-b', 'b'), UNKNOWN)
  t.strictSame(await view.lookForMatch('team-b', ['x']), UNKNOWN)
})

t.test('with names alone nobody knows what a pull secret holds', async t => {
  const view = viewOf([secret('a')], { secrets: 'names' })
  t.strictSame(view.secret('team-a', 'a'), { state: 'value', value: { kind: 'unread', name: 'a' } })
  t.strictSame(view.credentials('team-a', IMAGE), [])
})

t.test('all Secrets of a namespace, as one read', async t => {
  const read = await viewOf([secret('acme')]).readSecrets('team-a')
  if (read.state !== 'value') throw new Error(read.state)
  t.match(read.value.get('acme'), { state: 'value', value: { name: 'acme' } })
  t.strictSame(read.value.get('none'), { state: 'absent' })
})
