import t from 'tap'
import { stripNamespace, stripSecret, stripServiceAccount } from '../../src/cluster/strip.ts'

const LIMITS = { maxEntries: 10, maxKeyLength: 1000 }

t.test('of a Namespace our labels and our annotation are kept', async t => {
  const object = {
    metadata: {
      name: 'team-a',
      labels: { 'regcred.dev/mode': 'enforce', 'regcred.dev/inject': 'disabled', other: 'x' },
      annotations: { 'regcred.dev/pull-secrets': 'a,b', other: 'x' },
    },
    spec: { finalizers: ['kubernetes'] },
  }
  t.strictSame(stripNamespace(object, 'team-a'), {
    name: 'team-a',
    mode: 'enforce',
    inject: 'disabled',
    pullSecrets: 'a,b',
  })
})

t.test('of a ServiceAccount its references are kept, and whether it enforces them', async t => {
  const object = {
    metadata: { name: 'default', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    imagePullSecrets: [{ name: 'b' }, { name: 'a' }],
    secrets: [{ name: 'token' }],
  }
  t.strictSame(stripServiceAccount(object, 'default'), {
    name: 'default',
    references: ['b', 'a'],
    enforcesMountable: true,
    annotations: ['kubernetes.io/enforce-mountable-secrets'],
  })
})

t.test('of the annotations of a ServiceAccount the keys are kept, unless there are too many', async t => {
  const annotationsOf = (count: number) => {
    const annotations = Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 'secret']))
    return stripServiceAccount({ metadata: { annotations: { ...annotations, odd: 5 } } }, 'a').annotations
  }
  t.strictSame(annotationsOf(2), ['a0', 'a1'])
  t.equal(annotationsOf(100)?.length, 100)
  t.equal(annotationsOf(101), undefined)
})

t.test('the annotation is read as Go reads a boolean', async t => {
  const enforces = (value: unknown) =>
    stripServiceAccount({ metadata: { annotations: { 'kubernetes.io/enforce-mountable-secrets': value } } }, 'a')
      .enforcesMountable
  for (const value of ['true', 'True', 'TRUE', 't', 'T', '1']) t.equal(enforces(value), true, value)
  for (const value of ['false', 'yes', 'tRUE', '', ' true', true, 1]) t.equal(enforces(value), false, String(value))
})

t.test('of a Secret the reading is kept, and nothing of its password', async t => {
  const config = { auths: { 'https://registry.example.com': { auth: btoa('ann:opensesame') } } }
  const object = {
    metadata: { name: 'acme', namespace: 'team-a', annotations: { 'openshift.io/token-secret.name': 'x', odd: 5 } },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': btoa(JSON.stringify(config)), odd: 5 },
  }
  const reading = stripSecret(object, 'acme', LIMITS)
  t.match(reading, { kind: 'pullSecret', name: 'acme', generated: true })
  t.match(reading, { entries: [{ key: 'https://registry.example.com', usable: true }] })
  t.notMatch(JSON.stringify(reading), /opensesame|YW5u/)
})

t.test('odd objects give something empty and no exception', async t => {
  const odd = [null, undefined, 5, 'text', [], {}, { metadata: 5 }, { metadata: { labels: [], annotations: 'x' } }]
  const account = { name: 'a', references: [], enforcesMountable: false, annotations: [] }
  for (const object of odd) {
    t.strictSame(stripNamespace(object, 'a'), { name: 'a' })
    t.strictSame(stripServiceAccount(object, 'a'), account)
    t.strictSame(stripSecret(object, 'a', LIMITS), { kind: 'wrongType', name: 'a', type: '' })
  }
  t.strictSame(stripServiceAccount({ imagePullSecrets: 'x' }, 'a'), account)
  t.strictSame(stripServiceAccount({ imagePullSecrets: [null, 5, {}, { name: 5 }, { name: '' }] }, 'a'), account)
  t.strictSame(stripNamespace({ metadata: { labels: { 'regcred.dev/mode': 5 } } }, 'a'), { name: 'a' })
})

t.test('of a Secret no more annotations and keys are looked at than are asked about', async t => {
  const touched: PropertyKey[] = []
  const watched = (object: object) =>
    new Proxy(object, {
      ownKeys: () => {
        throw new Error('all keys')
      },
      getOwnPropertyDescriptor: (target, key) => {
        touched.push(key)
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
    })
  const object = {
    metadata: { annotations: watched({ 'kubernetes.io/service-account.name': 'builder' }) },
    type: 'kubernetes.io/dockercfg',
    data: watched({ '.dockercfg': btoa('{}'), other: 5 }),
  }
  t.match(stripSecret(object, 'a', LIMITS), { kind: 'pullSecret', generated: true })
  t.equal(new Set(touched).size, 8)
})
