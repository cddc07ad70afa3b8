import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { openAskedCluster } from '../../src/ask/cluster.ts'
import { readFound, readNamespaces } from '../../src/snapshot/read-cluster.ts'
import { type ClusterOptions, type Stored, startCluster } from '../commands/ask/stored-cluster.ts'
import { account, namespace, secret } from '../commands/scan/objects.ts'

async function open(t: Test, objects: readonly Stored[], options: ClusterOptions = {}) {
  const { kubeconfig, asked } = await startCluster(t, objects, options)
  const cluster = openAskedCluster({ kubeconfig, requestTimeout: 10_000 }, { stderr: new PassThrough() })
  t.teardown(() => cluster.close())
  return { cluster, asked }
}

/** A pull secret with so many registries. */
function large(entries: number, length: number): Stored {
  const auths = Object.fromEntries(Array.from({ length: entries }, (_, i) => [`r${i}`.padEnd(length, 'x'), {}]))
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') }
  return { ...secret(`large-${entries}`), data }
}

t.test('of a Secret with very many registries it is known that it is there', async t => {
  const { cluster } = await open(t, [large(10_000, 8), large(10_001, 8), large(27, 10_000)])
  const { known } = await readFound(cluster, [{ name: 'team-a', object: undefined }], () => undefined)
  t.strictSame(
    known[0]?.secrets?.map(({ reading }) => [reading.name, reading.kind]),
    [
      ['large-10000', 'pullSecret'],
      ['large-10001', 'unread'],
      ['large-27', 'unread'],
    ],
  )
})

t.test('how far it is, is told; a name that none can have is not asked for', async t => {
  const told: string[] = []
  const { cluster, asked } = await open(t, [namespace('a'), account('default', ['x'], 'a')])
  const read = await readNamespaces(cluster, ['a', 'A/B', 'b'], (done, all) => told.push(`${done} of ${all}`))
  t.strictSame(told, ['0 of 2', '1 of 2'])
  t.match(read, { known: [{ name: 'a', accounts: [{ references: ['x'] }] }], notRead: [], absent: ['b'] })
  t.equal(asked.filter(path => !path.includes('/')).length, 0)
})

t.test('what may not be read of a namespace takes nothing from the rest of it', async t => {
  const refuses: ClusterOptions['refuses'] = ({ path }) =>
    path.endsWith('/serviceaccounts') || path.endsWith('/namespaces') ? [403, 'Forbidden'] : undefined
  const { cluster } = await open(t, [secret('acme')], { refuses })
  const { known, notRead } = await readNamespaces(cluster, ['team-a'], () => undefined)
  t.match(known, [{ namespace: undefined, secrets: [{ reading: { name: 'acme' } }], accounts: undefined }])
  t.match(notRead, [{ namespace: 'team-a', reason: /^you may not list serviceaccounts/ }])
})

t.test('a bug is not taken for an answer of the cluster', async t => {
  const { cluster } = await open(t, [])
  const odd = Object.assign(Object.create(cluster), { within: () => ({}) })
  await t.rejects(
    readFound(odd, [{ name: 'a', object: {} }], () => undefined),
    TypeError,
  )
})
