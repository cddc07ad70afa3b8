import t from 'tap'
import { ObjectStore } from '../../src/cluster/object-store.ts'
import { SecretStore } from '../../src/cluster/secret-store.ts'
import { Store } from '../../src/cluster/store.ts'
import type { PullSecret } from '../../src/kubelet/secret.ts'

const deaf = { changed: () => undefined, replaced: () => undefined }

function fill<T>(
  held: ObjectStore<T>,
  objects: readonly (readonly [namespace: string, name: string, value: T])[] = [],
): void {
  const list = held.replace()
  for (const object of objects) list.add(...object)
  list.commit()
}

function pullSecret(name: string, key = 'registry.example.com'): PullSecret {
  return { kind: 'pullSecret', name, entries: [{ key, usable: true }], generated: false }
}

const image = { registry: 'registry.example.com', path: 'acme/web' }
const UNKNOWN = { state: 'unknown' }
const ABSENT = { state: 'absent' }

t.test('one kind of object', async t => {
  t.test('is unknown until the first list is complete, unless it is there', async t => {
    const held = new ObjectStore<string>(deaf)
    t.strictSame(held.get('ns', 'a'), UNKNOWN)
    held.put('ns', 'b', 'early')
    t.strictSame(held.get('ns', 'b'), { state: 'value', value: 'early' })
    fill(held)
    t.strictSame(held.get('ns', 'a'), ABSENT)
    t.strictSame(held.get('ns', 'b'), ABSENT)
  })

  t.test('is counted, named, and told of', async t => {
    const told: string[] = []
    const held = new ObjectStore<string>({
      changed: (namespace, name) => told.push(`${namespace}/${name}`),
      replaced: () => told.push('all'),
    })
    fill(held, [
      ['ns', 'a', '1'],
      ['ns', 'a', '2'],
      ['other', 'a', '3'],
    ])
    t.equal(held.size, 2)
    held.put('ns', 'b', '4')
    held.put('ns', 'b', '5')
    t.equal(held.size, 3)
    t.strictSame([...held.names('ns')], ['a', 'b'])
    held.remove('ns', 'a')
    held.remove('ns', 'a')
    held.remove('none', 'a')
    t.equal(held.size, 2)
    t.equal(held.has('ns'), true)
    held.remove('ns', 'b')
    t.equal(held.has('ns'), false)
    t.strictSame([...held.names('ns')], [])
    t.strictSame(told, ['all', 'ns/b', 'ns/b', 'ns/a', 'ns/b'])
  })

  t.test('what a list has more than once is held once', async t => {
    const held = new ObjectStore<object>(deaf)
    fill(held, [
      ['ns', 'a', { colour: 'red' }],
      ['other', 'a', { colour: 'red' }],
    ])
    const [first, second] = ['ns', 'other'].map(namespace => held.get(namespace, 'a'))
    t.equal(first?.state === 'value' && first.value, second?.state === 'value' && second.value)
  })

  t.test('names of any kind are names', async t => {
    const held = new ObjectStore<string>(deaf)
    fill(held, [['__proto__', 'constructor', '1']])
    t.strictSame(held.get('__proto__', 'constructor'), { state: 'value', value: '1' })
    t.strictSame(held.get('constructor', 'name'), ABSENT)
  })
})

t.test('Secrets of two followers', async t => {
  t.test('absent only when both say so', async t => {
    const secrets = new SecretStore(deaf)
    t.strictSame(secrets.get('ns', 'a'), UNKNOWN)
    fill(secrets.dockerConfigJson)
    t.strictSame(secrets.get('ns', 'a'), UNKNOWN)
    fill(secrets.dockerCfg)
    t.strictSame(secrets.get('ns', 'a'), ABSENT)
    const other = new SecretStore(deaf)
    fill(other.dockerCfg)
    t.strictSame(other.get('ns', 'a'), UNKNOWN)
    other.dockerCfg.put('ns', 'a', pullSecret('a'))
    t.match(other.get('ns', 'a'), { state: 'value' })
  })

  t.test('one that is too large to be held is unknown, is named, and is not offered', async t => {
    const secrets = new SecretStore(deaf)
    fill(secrets.dockerConfigJson, [
      ['ns', 'a', { kind: 'large', name: 'a' }],
      ['ns', 'b', pullSecret('b')],
    ])
    fill(secrets.dockerCfg)
    t.strictSame(secrets.get('ns', 'a'), UNKNOWN)
    t.strictSame([...secrets.names('ns')], ['a', 'b'])
    t.match(secrets.find('ns', image), [{ secret: { name: 'b' } }])
    secrets.dockerConfigJson.put('ns', 'b', { kind: 'large', name: 'b' })
    t.strictSame(secrets.find('ns', image), [])
  })

  const orders = [
    { name: 'removed, then put', steps: ['remove', 'put'], between: ABSENT },
    { name: 'put, then removed', steps: ['put', 'remove'], between: UNKNOWN },
  ]
  for (const { name, steps, between } of orders) {
    t.test(`made again with the other type: ${name}`, async t => {
      const secrets = new SecretStore(deaf)
      fill(secrets.dockerConfigJson, [['ns', 'a', pullSecret('a', 'other.example.com')]])
      fill(secrets.dockerCfg)
      t.strictSame(secrets.find('ns', image), [])
      for (const [index, step] of steps.entries()) {
        if (step === 'put') secrets.dockerCfg.put('ns', 'a', pullSecret('a'))
        else secrets.dockerConfigJson.remove('ns', 'a')
        if (index === 0) {
          t.strictSame(secrets.get('ns', 'a'), between)
          t.strictSame(secrets.find('ns', image), [], 'what is not known to be there is not offered')
        }
      }
      t.strictSame(secrets.get('ns', 'a'), { state: 'value', value: pullSecret('a') })
      t.match(secrets.find('ns', image), [{ secret: { name: 'a' } }])
      t.strictSame([...secrets.names('ns')], ['a'])
    })
  }

  t.test('finds credentials, and follows what changes', async t => {
    const secrets = new SecretStore(deaf)
    const found = () => secrets.find('ns', image).map(({ secret }) => secret.name)
    t.strictSame(found(), [])
    fill(secrets.dockerConfigJson, [
      ['ns', 'a', pullSecret('a')],
      ['ns', 'bad', { kind: 'malformed', name: 'bad', reason: 'its data is not base64' }],
      ['elsewhere', 'b', pullSecret('b')],
    ])
    t.strictSame(found(), ['a'])
    secrets.dockerCfg.put('ns', 'c', pullSecret('c'))
    t.strictSame(found().sort(), ['a', 'c'])
    secrets.dockerConfigJson.put('ns', 'a', pullSecret('a', 'other.example.com'))
    t.strictSame(found(), ['c'])
    secrets.dockerConfigJson.put('ns', 'bad', pullSecret('bad'))
    secrets.dockerCfg.put('ns', 'c', { kind: 'wrongType', name: 'c' })
    t.strictSame(found(), ['bad'])
    secrets.dockerConfigJson.remove('ns', 'a')
    secrets.dockerConfigJson.remove('ns', 'bad')
    secrets.dockerCfg.remove('ns', 'c')
    t.strictSame(found(), [])
    secrets.dockerCfg.put('ns', 'd', pullSecret('d'))
    t.strictSame(found(), ['d'])
    fill(secrets.dockerCfg, [['ns', 'e', pullSecret('e')]])
    t.strictSame(found(), ['e'])
  })

  t.test('more namespaces than indexes', async t => {
    const secrets = new SecretStore(deaf)
    const namespaces = Array.from({ length: 2500 }, (_, index) => `ns-${index}`)
    fill(
      secrets.dockerConfigJson,
      namespaces.map(namespace => [namespace, 'a', pullSecret('a')] as const),
    )
    for (const namespace of [...namespaces, ...namespaces.reverse()]) {
      t.equal(secrets.find(namespace, image).length, 1)
    }
  })
})

t.test('the store answers as a view', async t => {
  const told: string[] = []
  const listener = (kind: string) => ({
    changed: (namespace: string, name: string) => told.push(`${kind} ${namespace}/${name}`),
    replaced: () => told.push(kind),
  })
  const store = new Store({
    secrets: listener('secrets'),
    serviceAccounts: listener('accounts'),
    namespaces: listener('namespaces'),
  })
  t.strictSame(store.secret('ns', 'a'), UNKNOWN)
  t.strictSame(store.serviceAccount('ns', 'a'), UNKNOWN)
  t.strictSame(store.namespace('ns'), UNKNOWN)
  fill(store.secrets.dockerConfigJson, [['ns', 'a', pullSecret('a')]])
  fill(store.secrets.dockerCfg)
  fill(store.serviceAccounts, [['ns', 'default', { name: 'default', references: [], enforcesMountable: false }]])
  fill(store.namespaces, [['', 'ns', { name: 'ns', mode: 'warn' }]])
  store.secrets.dockerCfg.put('ns', 'b', pullSecret('b'))
  t.match(store.secret('ns', 'a'), { value: { name: 'a' } })
  t.strictSame([...store.secretNames('ns')], ['a', 'b'])
  t.equal(store.credentials('ns', image).length, 2)
  t.match(store.serviceAccount('ns', 'default'), { value: { name: 'default' } })
  t.match(store.namespace('ns'), { value: { mode: 'warn' } })
  t.strictSame(told, ['secrets', 'secrets', 'accounts', 'namespaces', 'secrets ns/b'])
})
