import t from 'tap'
import { readIgnored, readSecretObject } from '../../src/review/secret.ts'

const TYPE = 'kubernetes.io/dockerconfigjson'
const CONFIG = '{"auths":{"ghcr.io":{"username":"u","password":"hunter2"}}}'
const READ = { kind: 'pullSecret', name: 'acme', entries: [{ key: 'ghcr.io', usable: true }], generated: false }

t.test('a pull secret, of which no password is kept', async t => {
  const metadata = { name: 'acme' }
  const data = { '.dockerconfigjson': btoa(CONFIG) }
  t.strictSame(readSecretObject({ metadata, type: TYPE, data }), READ)
  t.strictSame(readSecretObject({ metadata, type: TYPE, stringData: { '.dockerconfigjson': CONFIG } }), READ)
})

t.test('stringData goes before data, as in the API server', async t => {
  const stringData = { '.dockerconfigjson': CONFIG }
  const data = { '.dockerconfigjson': btoa('{}') }
  t.strictSame(readSecretObject({ metadata: { name: 'acme' }, type: TYPE, data, stringData }), READ)
})

t.test('without a name it is none, and without a type it is Opaque', async t => {
  t.equal(readSecretObject({ type: TYPE }), undefined)
  t.equal(readSecretObject({ metadata: { name: '' }, type: TYPE }), undefined)
  t.strictSame(readSecretObject({ metadata: { name: 'a' } }), { kind: 'wrongType', name: 'a', type: 'Opaque' })
})

t.test('what is empty is nothing that the kubelet reads', async t => {
  const empty = { metadata: { name: 'a' }, type: TYPE, data: { '.dockerconfigjson': null } }
  t.match(readSecretObject(empty), { kind: 'wrongType', type: TYPE })
  t.match(readSecretObject({ ...empty, stringData: { '.dockerconfigjson': null } }), { kind: 'wrongType', type: TYPE })
})

t.test('what the cluster generated is known by its annotation', async t => {
  const annotations = { 'openshift.io/internal-registry-auth-token.service-account': 'default' }
  const data = { '.dockerconfigjson': btoa(CONFIG) }
  t.match(readSecretObject({ metadata: { name: 'acme', annotations }, type: TYPE, data }), { generated: true })
})

t.test('the codes that its annotation switches off', async t => {
  const ignored = (value: unknown) => readIgnored({ metadata: { annotations: { 'regcred.dev/ignore': value } } })
  t.strictSame(ignored('CredentialsDoubtful, EntryCoversNothing'), ['CredentialsDoubtful', 'EntryCoversNothing'])
  t.strictSame(ignored('CredentialsDoubtful: it is right, EntryCoversNothing: too'), [
    'CredentialsDoubtful',
    'EntryCoversNothing',
  ])
  t.strictSame(ignored(true), [])
  t.strictSame(ignored(','.repeat(4097)), [], 'which is not as long as this')
  t.strictSame(readIgnored({}), [])
})
