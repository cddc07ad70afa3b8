import t from 'tap'
import { Store } from '../../src/cluster/store.ts'
import { UNKNOWN } from '../../src/policy/known.ts'
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
