import t from 'tap'
import {
  DOCKER_CONFIG_JSON_TYPE,
  DOCKERCFG_TYPE,
  readSecret,
  type SecretObject,
  withoutContents,
} from '../../src/kubelet/secret.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const ENTRY = { 'ghcr.io': { auth: Buffer.from('u:p').toString('base64') } }
const secret = (tweak: Partial<SecretObject>): SecretObject => ({
  metadata: { name: 'regcred' },
  type: DOCKER_CONFIG_JSON_TYPE,
  data: { '.dockerconfigjson': encode({ auths: ENTRY }) },
  ...tweak,
})
const PULL_SECRET = {
  kind: 'pullSecret',
  name: 'regcred',
  entries: [{ key: 'ghcr.io', usable: true }],
  generated: false,
}

t.test('a copy that is not filled yet is unread, and one that is filled is read', async t => {
  const copied = { name: 'regcred', annotations: { 'replicator.v1.mittwald.de/replicate-from': 'a/b' } }
  const of = (content: string) => readSecret(secret({ metadata: copied, data: { '.dockerconfigjson': btoa(content) } }))
  const unread = { kind: 'unread', name: 'regcred' }
  t.strictSame(of(''), unread, 'empty')
  t.strictSame(of('{}\n'), unread, 'an empty object')
  t.strictSame(of('{"auths":{}}'), unread, 'no registry')
  t.match(of(JSON.stringify({ auths: ENTRY })), PULL_SECRET, 'filled')
  t.match(of('{"auths":{"a":{}}}'), { kind: 'pullSecret' }, 'what is in it counts')
  t.match(of('{"credsStore":"desktop"}'), { kind: 'pullSecret' }, 'a copy of what holds nothing')
  t.match(of('['), { kind: 'malformed' }, 'a copy of what is broken')
  t.match(readSecret(secret({ metadata: copied, type: 'Opaque' })), { kind: 'wrongType' }, 'of another type')
})

t.test('a Secret is read as the kubelet reads it', async t => {
  const old = { type: DOCKERCFG_TYPE, data: { '.dockercfg': encode(ENTRY) } }
  const cases: [name: string, tweak: Partial<SecretObject>, reading: object][] = [
    ['of the new type', {}, PULL_SECRET],
    ['of the old type', old, PULL_SECRET],
    ['of another type', { type: 'Opaque' }, { kind: 'wrongType', name: 'regcred', type: 'Opaque' }],
    ['without a type', { type: undefined }, { kind: 'wrongType', name: 'regcred', type: 'Opaque' }],
    ['without data', { data: undefined }, { kind: 'wrongType', name: 'regcred', type: DOCKER_CONFIG_JSON_TYPE }],
    [
      'with the key of the other type',
      { data: { '.dockercfg': encode(ENTRY) } },
      { kind: 'wrongType', name: 'regcred', type: DOCKER_CONFIG_JSON_TYPE },
    ],
    [
      'with nothing in it',
      { data: { '.dockerconfigjson': '' } },
      { kind: 'wrongType', name: 'regcred', type: DOCKER_CONFIG_JSON_TYPE },
    ],
    [
      'that does not parse',
      { data: { '.dockerconfigjson': encode([]) } },
      { kind: 'malformed', name: 'regcred', reason: 'it is not a JSON object' },
    ],
    [
      'in plain text',
      { data: { '.dockerconfigjson': '{"auths":{}}' } },
      { kind: 'malformed', name: 'regcred', reason: 'its data is not base64' },
    ],
    [
      'of a credential store',
      { data: { '.dockerconfigjson': encode({ credsStore: 'desktop' }) } },
      { ...PULL_SECRET, entries: [], store: 'desktop' },
    ],
  ]
  for (const [name, tweak, reading] of cases) t.strictSame(readSecret(secret(tweak)), reading, name)
})

t.test('a Secret that the cluster made for a ServiceAccount is known by its annotation', async t => {
  const annotations = [
    'kubernetes.io/service-account.name',
    'openshift.io/internal-registry-auth-token.service-account',
    'openshift.io/token-secret.name',
  ]
  for (const annotation of annotations) {
    const reading = readSecret(secret({ metadata: { name: 'regcred', annotations: { [annotation]: 'default' } } }))
    t.strictSame(reading, { ...PULL_SECRET, generated: true }, annotation)
  }
  t.strictSame(readSecret(secret({ metadata: { name: 'regcred', annotations: { note: 'ours' } } })), PULL_SECRET)
})

t.test('without its contents nothing is left of a Secret but whether it is of the right type', async t => {
  const unread = { kind: 'unread', name: 'regcred' }
  const cases: [name: string, tweak: Partial<SecretObject>, left: object][] = [
    ['a pull secret', {}, unread],
    ['one that is malformed', { data: { '.dockerconfigjson': encode(5) } }, unread],
    ['one that holds nothing', { data: {} }, unread],
    ['one of another type', { type: 'Opaque' }, { kind: 'wrongType', name: 'regcred' }],
  ]
  for (const [name, tweak, left] of cases) t.strictSame(withoutContents(readSecret(secret(tweak))), left, name)
  t.strictSame(withoutContents({ kind: 'wrongType', name: 'regcred' }), { kind: 'wrongType', name: 'regcred' })
})

t.test('a Secret with more than is asked for is large, and no more is known of it', async t => {
  const two = { data: { '.dockerconfigjson': encode({ auths: { ...ENTRY, 'quay.io': {} } }) } }
  const limits = { maxEntries: 1, maxKeyLength: 100 }
  t.strictSame(readSecret(secret(two), limits), { kind: 'large', name: 'regcred' })
  t.strictSame(readSecret(secret({}), limits), PULL_SECRET)
})
