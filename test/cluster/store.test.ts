import t from 'tap'
import { Store } from '../../src/cluster/store.ts'
import { UNKNOWN } from '../../src/policy/known.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { fill, pullSecret } from './fill.ts'

const image = { registry: 'registry.example.com', path: 'acme/web' }

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
  fill(store.serviceAccounts, [
    ['ns', 'default', { name: 'default', references: [], enforcesMountable: false, annotations: [] }],
  ])
  fill(store.namespaces, [['', 'ns', { name: 'ns', mode: 'warn' }]])
  store.secrets.dockerCfg.put('ns', 'b', pullSecret('b'))
  t.match(store.secret('ns', 'a'), { value: { name: 'a' } })
  t.strictSame([...store.secretNames('ns')], ['a', 'b'])
  t.equal(store.credentials('ns', image).length, 2)
  t.match(store.serviceAccount('ns', 'default'), { value: { name: 'default' } })
  t.match(store.namespace('ns'), { value: { mode: 'warn' } })
  t.ok(store.isSettled('other'))
  t.strictSame(told, ['secrets', 'secrets', 'accounts', 'namespaces', 'secrets ns/b'])
})

t.test('it is settled unless a pull secret was lost a moment ago, or nothing was heard for long', async t => {
  const clock = new FakeClock()
  let stalenessSeconds = 0
  const deaf = { changed: () => undefined, replaced: () => undefined }
  const listeners = { secrets: deaf, serviceAccounts: deaf, namespaces: deaf }
  const store = new Store(listeners, { clock, stalenessSeconds: () => stalenessSeconds })
  const settles = () => {
    const isSettled = store.isSettled('ns')
    clock.advance(10_000)
    return !isSettled && store.isSettled('ns')
  }
  fill(store.secrets.dockerConfigJson, [['ns', 'a', pullSecret('a')]])
  fill(store.secrets.dockerCfg)
  store.secrets.dockerCfg.put('ns', 'b', pullSecret('b'))
  store.serviceAccounts.put('ns', 'a', { name: 'a', references: [], enforcesMountable: false, annotations: [] })
  t.ok(store.isSettled('ns'), 'the first list, one more and other objects are no loss')

  store.secrets.dockerConfigJson.put('ns', 'a', pullSecret('a'))
  t.ok(store.isSettled('other'))
  t.ok(settles(), 'changed')
  store.secrets.dockerCfg.remove('ns', 'b')
  t.ok(settles(), 'deleted')
  store.secrets.dockerCfg.remove('ns', 'b')
  t.ok(store.isSettled('ns'), 'there was none')
  fill(store.secrets.dockerCfg)
  t.ok(settles(), 'listed anew')

  stalenessSeconds = 61
  t.notOk(store.isSettled('ns'))
})
