import t from 'tap'
import { UsersOfSecrets } from '../../src/inspection/used-by.ts'

const podSpec = (...names: unknown[]) => ({ imagePullSecrets: names.map(name => ({ name })) })
const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, controller: true }],
})

t.test('who names a Secret is told once, and what a controller made as that', async t => {
  const users = new UsersOfSecrets(['acme', 'hub'])
  users.note('v1', 'ServiceAccount', { metadata: { name: 'default' }, imagePullSecrets: [{ name: 'acme' }, {}, 5] })
  users.note('apps/v1', 'Deployment', {
    metadata: { name: 'web' },
    spec: { template: { spec: podSpec('acme', 'acme') } },
  })
  users.note('v1', 'Pod', {
    metadata: { name: 'web-5d8f-x', labels: { 'pod-template-hash': '5d8f' }, ...owned('ReplicaSet', 'web-5d8f') },
    spec: podSpec('acme'),
  })
  users.note('batch/v1', 'CronJob', {
    metadata: { name: 'nightly' },
    spec: { jobTemplate: { spec: { template: { spec: podSpec('acme') } } } },
  })
  users.note('v1', 'Pod', { metadata: { name: 'bare' }, spec: podSpec('other', 7) })
  users.note('apps/v1', 'Deployment', { metadata: { name: 'odd' }, spec: 5 })
  for (const metadata of [5, undefined]) users.note('v1', 'Pod', { metadata, spec: podSpec('acme') })
  t.strictSame(users.of('acme'), {
    named: ['ServiceAccount default', 'Deployment web', 'CronJob nightly', 'Pod '],
    count: 4,
  })
  t.strictSame(users.of('hub'), { named: [], count: 0 })
  t.strictSame(users.of('unknown'), { named: [], count: 0 })
})

t.test('ten are named, and all are counted', async t => {
  const users = new UsersOfSecrets(['acme'])
  for (let i = 0; i < 5000; i++) users.note('v1', 'Pod', { metadata: { name: `p${i}` }, spec: podSpec('acme') })
  const { named, count } = users.of('acme')
  t.equal(named.length, 10)
  t.equal(count, 5000)
})
