import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { Store } from '../../../src/cluster/store.ts'
import { stripNamespace, stripSecret, stripServiceAccount } from '../../../src/cluster/strip.ts'
import { UNLIMITED } from '../../../src/kubelet/docker-config-limits.ts'
import { deaf } from '../fill.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const COLLECTIONS = 5

function usedBytes(): number {
  for (let i = 0; i < COLLECTIONS; i += 1) collect()
  return process.memoryUsage().heapUsed
}

function openStore(): Store {
  return new Store({ secrets: deaf, serviceAccounts: deaf, namespaces: deaf })
}

const MEBIBYTE = 1024 * 1024
const image = { registry: 'registry.example.com', path: 'acme/web' }

function pullSecret(name: string, hosts: readonly string[]) {
  const auths = Object.fromEntries(hosts.map(host => [host, { auth: btoa('u:p') }]))
  const data = { '.dockerconfigjson': btoa(JSON.stringify({ auths })) }
  return stripSecret({ type: 'kubernetes.io/dockerconfigjson', data }, name, UNLIMITED)
}

function hostsOf(secret: number, count: number, path = ''): string[] {
  return Array.from({ length: count }, (_, i) => `r${secret}-${i}.example.com${path}`)
}

/** Fills a store with what a tenant can create. @returns the bytes that it accounts for */
const kinds: readonly { readonly name: string; readonly fill: (store: Store) => number }[] = [
  { name: 'pull secrets with one registry', fill: store => fillSecrets(store, 20_000, i => hostsOf(i, 1)) },
  { name: 'pull secrets with 250 registries', fill: store => fillSecrets(store, 200, i => hostsOf(i, 250)) },
  {
    name: 'pull secrets with long names of registries',
    fill: store => fillSecrets(store, 100, i => hostsOf(i, 250, `/${'x'.repeat(100)}`)),
  },
  {
    name: 'ServiceAccounts',
    fill({ serviceAccounts }) {
      const list = serviceAccounts.replace()
      for (let i = 0; i < 50; i += 1) {
        const imagePullSecrets = hostsOf(i, 1000).map(name => ({ name }))
        list.add(`team-${i}`, 'default', stripServiceAccount({ imagePullSecrets }, 'default'))
      }
      list.commit()
      return serviceAccounts.bytes
    },
  },
  {
    name: 'Namespaces',
    fill({ namespaces }) {
      const list = namespaces.replace()
      for (let i = 0; i < 2000; i += 1) {
        const annotations = { 'regcred.dev/pull-secrets': hostsOf(i, 100).join(), other: 'x'.repeat(10_000) }
        list.add(
          '',
          `team-${i}`,
          stripNamespace(JSON.parse(JSON.stringify({ metadata: { annotations } })), `team-${i}`),
        )
      }
      list.commit()
      return namespaces.bytes
    },
  },
]

function fillSecrets({ secrets }: Store, count: number, hosts: (i: number) => string[]): number {
  const list = secrets.dockerConfigJson.replace()
  for (let i = 0; i < count; i += 1) list.add('team-a', `s${i}`, pullSecret(`s${i}`, hosts(i)))
  list.commit()
  return secrets.dockerConfigJson.bytes
}

for (const { name, fill } of kinds) {
  t.test(`what is accounted for is about what is held: ${name}`, async t => {
    const store = openStore()
    const before = usedBytes()
    const counted = fill(store)
    const held = usedBytes() - before
    t.ok(counted > MEBIBYTE, `${counted} bytes`)
    t.ok(held < 1.5 * counted && counted < 3 * held, `${held} bytes are held, and ${counted} accounted for`)
  })
}

t.test('whatever a tenant creates, its namespace is held up to its share, and other namespaces are whole', async t => {
  const store = openStore()
  const before = usedBytes()
  const list = store.secrets.dockerConfigJson.replace()
  const reading = (name: string) => pullSecret(name, hostsOf(0, 250))
  for (let i = 0; i < 2000; i += 1) list.add('hostile', `s${i}`, reading(`s${i}`))
  list.add('team-a', 'pull', pullSecret('pull', ['registry.example.com']))
  list.commit()
  store.secrets.dockerCfg.replace().commit()
  store.credentials('hostile', image)
  t.match(store.secret('hostile', 's0'), { state: 'value' })
  t.match(store.secret('hostile', 's1999'), { state: 'unknown' })
  t.equal(store.credentials('team-a', image).length, 1)
  t.match(store.secret('team-a', 'none'), { state: 'absent' })
  const held = usedBytes() - before
  t.ok(held < 48 * MEBIBYTE, `${held} bytes, with the indexes`)
})

t.test('10,000 ordinary pull secrets of one namespace are held, beside a hundred with 250 registries', async t => {
  const store = openStore()
  const list = store.secrets.dockerConfigJson.replace()
  for (let i = 0; i < 10_000; i += 1) list.add('team-a', `s${i}`, pullSecret(`s${i}`, hostsOf(i, 2)))
  for (let i = 0; i < 100; i += 1) list.add('team-a', `t${i}`, pullSecret(`t${i}`, hostsOf(i, 250)))
  list.commit()
  t.equal(store.secrets.dockerConfigJson.size, 10_100)
  t.equal(store.secrets.dockerConfigJson.partialNamespaces, 0)
})
