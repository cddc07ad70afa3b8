import t from 'tap'
import { CommandError } from '../../../src/runtime/command-error.ts'
import type { Stored } from '../ask/stored-cluster.ts'
import { account, HOST, namespace, pod, secret, tokenUntil, workload } from './objects.ts'
import { scan } from './run.ts'

const HOUR_MS = 3_600_000
const OF_WEB = { owner: ['ReplicaSet', 'web-5d8'], labels: { 'pod-template-hash': '5d8' } } as const

/** Four namespaces, in three of which something is wrong. */
function cluster(): readonly Stored[] {
  const soon = tokenUntil(Date.now() + 96.5 * HOUR_MS)
  const past = tokenUntil(Date.parse('2026-01-01T00:00:00Z'))
  const inB = { namespace: 'team-b' }
  return [
    ...['quiet', 'shop', 'team-a', 'team-b'].map(name => namespace(name)),
    ...['quiet', 'shop', 'team-a', 'team-b'].map(name => account('default', [], name)),
    workload('DaemonSet', 'agent', { namespace: 'quiet', image: 'docker.io/library/nginx:1' }),
    secret('ecr', { namespace: 'shop', password: past }),
    workload('StatefulSet', 'cart', { namespace: 'shop', references: ['ecr'] }),
    secret('acme'),
    workload('Deployment', 'web', { references: ['amce'] }),
    workload('ReplicaSet', 'web-5d8', { references: ['amce'], owner: ['Deployment', 'web'] }),
    pod('web-5d8-a', { references: ['amce'], waits: true, ...OF_WEB }),
    pod('web-5d8-b', { references: ['amce'], waits: true, ...OF_WEB }),
    workload('CronJob', 'nightly', { references: ['amce'] }),
    workload('Deployment', 'fine', { references: ['acme'] }),
    workload('StatefulSet', 'db', { references: ['acme'] }),
    pod('db-0', { references: ['acme'], waits: true, owner: ['StatefulSet', 'db'] }),
    secret('hub', { ...inB, type: 'Opaque' }),
    secret('old-ghcr', { ...inB, key: 'ghcr.io', password: soon }),
    account('builder', ['old-ghrc'], 'team-b'),
    ...['api', 'jobs', 'mail', 'web', 'worker', 'zoo'].map(name =>
      workload('Deployment', name, { ...inB, references: ['hub'] }),
    ),
  ]
}

t.test('a cluster, as a person sees it', async t => {
  const { out, err, status, asked } = await scan(t, ['-A'], cluster())
  t.equal(out, GOLDEN)
  t.equal(err, '')
  t.equal(status, 1)
  t.ok(
    out.split('\n').every(line => line.length <= 80 || /^ +kubectl /.test(line)),
    'in 80 columns, but for commands',
  )
  t.equal(new Set(asked).size, asked.length, 'nothing is asked for twice')
})

const GOLDEN = `WILL NOT PULL
  team-a  Secret "amce" does not exist in namespace "team-a"
          Deployment web (2 Pods wait) and CronJob nightly
          → did you mean "acme"? Write it in spec.template.spec.imagePullSecrets
          → CronJob nightly: did you mean "acme"? Write it in
            spec.jobTemplate.spec.template.spec.imagePullSecrets
  team-a  Pods wait for an image, though nothing is wrong with their pull
          secrets
          StatefulSet db (1 Pod waits)
          → what the node said:
              regcred why statefulset/db --namespace team-a

MAY NOT PULL
  shop    the credentials for "registry.example.com" in Secret "ecr" expired at
          2026-01-01T00:00:00Z, and "registry.example.com/acme/web:v1" is pulled
          with them
          StatefulSet cart
          → renew them:
              kubectl create secret docker-registry ecr --namespace shop --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -
  team-b  Secret "hub" has type Opaque, so Kubernetes does not use it
          6 Deployments: api, jobs, mail, web, worker and 1 more
          → recreate it:
              kubectl create secret docker-registry hub --namespace team-b --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -

EXPIRING
  team-b  "old-ghcr" for "ghcr.io" expires in 4 days; nothing that was read
          names it

NAMESPACE  WORKLOADS  WILL NOT  MAY NOT
team-a     4          3         0
team-b     6          0         6
shop       1          0         1
1 more     1          0         0
2 of 12 workloads are fine.
ServiceAccounts that name a Secret that does not exist:
  team-b/builder: "old-ghrc"; did you mean "old-ghcr"?
1 pull secret is named by no ServiceAccount, workload or Pod (--unused).
`

t.test('one namespace has no table', async t => {
  const { out } = await scan(t, [], cluster())
  t.notMatch(out, 'NAMESPACE')
  t.notMatch(out, 'team-b')
  t.match(out, '1 of 4 workloads is fine.')
})

t.test('secrets that nothing names are listed, and nobody is told to delete them', async t => {
  const { out } = await scan(t, ['--unused', '-n', 'team-b'], cluster())
  t.match(
    out,
    /1 pull secret is named by no ServiceAccount, workload or Pod\. A node plugin, an\noperator or a build may still use it:\n {2}team-b\/old-ghcr\n/,
  )
  const two = [namespace('team-a'), secret('a'), secret('b')]
  t.match((await scan(t, [], two)).out, '2 pull secrets are named by no ServiceAccount, workload or Pod (--unused).')
  t.match((await scan(t, ['--unused'], two)).out, /may still use them:\n {2}team-a\/a\n {2}team-a\/b\n/)
  const used = [namespace('team-a'), secret('a'), account('default', ['a'])]
  t.equal(
    (await scan(t, ['--unused'], used)).out,
    'No workload was found.\nEvery pull secret is named by something that was read.\n',
  )
})

t.test('with a selector only what has the labels is judged, and of unused secrets nothing is known', async t => {
  const objects = [
    namespace('team-a'),
    secret('unused'),
    workload('Deployment', 'web', { references: ['gone'], labels: { app: 'web' } }),
    workload('Deployment', 'other', { references: ['gone'], labels: { app: 'other' } }),
  ]
  const { out, asked } = await scan(t, ['-l', 'app=web', '--fail-on=warning'], objects)
  t.match(out, 'Deployment web')
  t.notMatch(out, 'other')
  t.notMatch(out, 'pull secret is named')
  t.strictSame(JSON.parse((await scan(t, ['-l', 'app=web', '-o', 'json'], objects)).out).unused, [])
  t.ok(asked.includes('/apis/apps/v1/namespaces/team-a/deployments app=web'))
  t.ok(asked.includes('/api/v1/namespaces/team-a/serviceaccounts'))
})

t.test('the status says how bad it is, from the level of --fail-on', async t => {
  const warning = [namespace('team-a'), workload('Deployment', 'web', { references: ['gone'] })]
  t.equal((await scan(t, [], warning)).status, 0)
  t.equal((await scan(t, ['--fail-on=warning'], warning)).status, 1)
  const note = [
    namespace('team-a'),
    secret('odd', { key: 'registry.example.com/*' }),
    secret('x', { key: 'https://hub.docker.com' }),
  ]
  const { out, status } = await scan(t, ['--fail-on=note'], note)
  t.match(out, /^\d notes?: -o wide has (it|them)\.$/m)
  t.equal(status, 1)
  t.equal((await scan(t, ['--fail-on=warning'], note)).status, 0)
  t.equal((await scan(t, ['--fail-on=note'], [namespace('team-a')])).status, 0)
})

t.test('what expires is told within the time that is asked for', async t => {
  const objects = [
    namespace('team-a'),
    secret('hours', { password: tokenUntil(Date.now() + 5.5 * HOUR_MS) }),
    account('default', ['hours']),
    secret('minutes', { password: tokenUntil(Date.now() + 0.02 * HOUR_MS) }),
  ]
  const soon = (out: string) =>
    [...out.matchAll(/"(\w+)" for "[\w.]+"\s+expires in (\d+ \w+)/g)].map(([, ...found]) => found)
  t.strictSame(soon((await scan(t, [], objects)).out), [
    ['minutes', '1 minute'],
    ['hours', '5 hours'],
  ])
  t.match((await scan(t, [], objects)).out, /named by\s+ServiceAccount default/)
  t.strictSame(soon((await scan(t, ['--expiring=1h'], objects)).out), [['minutes', '1 minute']])
  t.strictSame(soon((await scan(t, ['--expiring=0'], objects)).out), [])
  t.equal(soon((await scan(t, ['--expiring=1d'], objects)).out).length, 2)
  await t.rejects(scan(t, ['--expiring=soon'], objects), { message: /Give a duration, e\.g\. 14d or 36h\./ })
})

t.test('what regcred would add is a note, and counts as there with --assume-injection', async t => {
  const config = t.testdir({
    'regcred.yaml': `apiVersion: regcred.dev/v1alpha1
kind: AdmissionConfiguration
registries: {private: ["${HOST}"]}
inject: {secrets: [acme]}
mode: warn
`,
  })
  const objects = [namespace('team-a'), account('default'), secret('acme'), workload('Deployment', 'web')]
  const without = await scan(t, [`--config=${config}/regcred.yaml`, '-o', 'json'], objects)
  t.match(JSON.parse(without.out).causes, [
    { code: 'WouldInject', level: 'note', message: 'regcred would add "acme" when its Pods are made again' },
  ])
  const assumed = await scan(t, [`--config=${config}/regcred.yaml`, '--assume-injection'], objects)
  t.match(assumed.out, /^The only workload can pull\.$/m)
})

t.test('a namespace that is left out is named', async t => {
  const objects = [
    namespace('team-a', { 'regcred.dev/mode': 'off' }),
    workload('Deployment', 'web', { references: ['gone'] }),
  ]
  t.match((await scan(t, [], objects)).out, 'Left out by the configuration or a label: team-a.')
})

t.test('all namespaces and one at once are too many', async t => {
  await t.rejects(scan(t, ['-A', '-n', 'team-a'], []), new CommandError('give one of --namespace and --all-namespaces'))
})

t.test('--rbac prints nothing but the role, and asks nobody', async t => {
  const { out, err, status, asked } = await scan(t, ['--rbac'], [])
  t.match(out, /^apiVersion: rbac\.authorization\.k8s\.io\/v1\nkind: ClusterRole\n/)
  t.match(out, /kind: Group\n {2}name: "regcred-scan"\n$/)
  t.strictSame([err, status, asked], ['', 0, []])
  t.match((await scan(t, ['--rbac', 'jane@example.com'], [])).out, /kind: User\n {2}name: "jane@example\.com"\n$/)
})

for (const output of ['csv', 'markdown']) {
  t.test(`${output} has a row for each cause and workload`, async t => {
    const { out, status } = await scan(t, ['-A', '-o', output], cluster())
    t.equal(out.trimEnd().split('\n').length, output === 'csv' ? 11 : 12)
    t.equal(status, 1)
  })
}

t.test('JSON has all of it', async t => {
  const { out } = await scan(t, ['-A', '-o', 'json'], cluster())
  const { version, namespaces, causes, waiting, expiring, unused, serviceAccounts, notRead, summary } = JSON.parse(out)
  t.equal(version, 1)
  t.strictSame(namespaces[2], { namespace: 'team-a', workloads: 4, willNotPull: 3, mayNotPull: 0, leftOut: false })
  t.strictSame(causes[1], {
    ...{ level: 'error', code: 'SecretNotFound', namespace: 'team-a', secret: 'amce' },
    message: 'Secret "amce" does not exist in namespace "team-a"',
    advice: 'did you mean "acme"? Write it in spec.template.spec.imagePullSecrets',
    workloads: [
      { kind: 'Deployment', name: 'web', waiting: 2 },
      {
        ...{ kind: 'CronJob', name: 'nightly', waiting: 0 },
        advice: 'did you mean "acme"? Write it in spec.jobTemplate.spec.template.spec.imagePullSecrets',
      },
    ],
  })
  t.equal(causes[2].workloads.length, 6)
  t.strictSame(waiting, [{ namespace: 'team-a', kind: 'StatefulSet', name: 'db', waiting: 1 }])
  t.match(expiring, [{ namespace: 'team-b', secret: 'old-ghcr', registry: 'ghcr.io', expires: /^20.*Z$/, usedBy: 0 }])
  t.strictSame(unused, [{ namespace: 'team-b', secret: 'old-ghcr' }])
  const broken = { namespace: 'team-b', name: 'builder', secret: 'old-ghrc', suggestion: 'old-ghcr' }
  t.strictSame(serviceAccounts, [broken])
  t.strictSame(notRead, [])
  t.strictSame(summary, { workloads: 12, willNotPull: 3, mayNotPull: 7, notes: 0, unused: 1 })
})
