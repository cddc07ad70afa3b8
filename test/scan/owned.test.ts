import t from 'tap'
import { Owned } from '../../src/scan/owned.ts'
import { namespace, pod, workload } from '../commands/scan/objects.ts'
import { scan } from '../commands/scan/run.ts'

const ended = (type: string, status: string) => ({ status: { conditions: [{ type, status }] } })

const cases = [
  { name: 'a Deployment', object: workload('Deployment', 'web'), isJudged: true },
  { name: 'a Pod of nothing', object: pod('web', { phase: 'Running' }), isJudged: true },
  { name: 'a Pod of a ReplicaSet', object: pod('web', { owner: ['ReplicaSet', 'web'] }), isJudged: false },
  { name: 'a Pod of an operator', object: pod('kafka-0', { owner: ['StrimziPodSet', 'kafka'] }), isJudged: true },
  { name: 'a Pod that succeeded', object: pod('web', { phase: 'Succeeded' }), isJudged: false },
  { name: 'a Pod that failed', object: pod('web', { phase: 'Failed' }), isJudged: false },
  {
    name: 'a Pod that is being deleted',
    object: pod('web', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    isJudged: false,
  },
  { name: 'a static Pod', object: pod('etcd-n1', { owner: ['Node', 'n1'] }), isJudged: true },
  { name: 'a Job of a CronJob', object: workload('Job', 'a', { owner: ['CronJob', 'a'] }), isJudged: false },
  { name: 'a Job', object: workload('Job', 'a', ended('Suspended', 'True')), isJudged: true },
  { name: 'a Job that is complete', object: workload('Job', 'a', ended('Complete', 'True')), isJudged: false },
  { name: 'a Job that failed', object: workload('Job', 'a', ended('Failed', 'True')), isJudged: false },
  { name: 'a Job that has not failed', object: workload('Job', 'a', ended('Failed', 'False')), isJudged: true },
  {
    name: 'a ReplicaSet of a Deployment',
    object: workload('ReplicaSet', 'a', { owner: ['Deployment', 'a'] }),
    isJudged: false,
  },
  {
    name: 'a ReplicaSet of a Rollout',
    object: workload('ReplicaSet', 'a', { owner: ['Rollout', 'a'] }),
    isJudged: false,
  },
  { name: 'a ReplicaSet that is scaled to none', object: workload('ReplicaSet', 'a', { replicas: 0 }), isJudged: true },
]

for (const { name, object, isJudged } of cases) {
  t.test(`${name} is ${isJudged ? '' : 'not '}judged`, async t => {
    t.equal(new Owned().note(object.kind, object), isJudged)
  })
}

t.test('a static Pod is named, and not its node; one that is being deleted waits for nothing', async t => {
  const gone = { references: ['gone'], waits: true }
  const { out } = await scan(
    t,
    [],
    [
      namespace('team-a'),
      pod('etcd-n1', { ...gone, owner: ['Node', 'n1'] }),
      pod('proxy-n1', { ...gone, owner: ['Node', 'n1'] }),
      pod('late', { ...gone, deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ],
  )
  t.match(out, 'Pod etcd-n1 (1 Pod waits)')
  t.match(out, 'Pod proxy-n1 (1 Pod waits)')
  t.match(out, '0 of 2 workloads are fine.')
  t.notMatch(out, 'late')
})

t.test('Pods count for what made them, and that is named', async t => {
  const gone = { references: ['gone'] }
  const objects = [
    namespace('team-a'),
    workload('CronJob', 'nightly', gone),
    workload('Job', 'nightly-1', { ...gone, owner: ['CronJob', 'nightly'] }),
    pod('nightly-1-x', { ...gone, waits: true, owner: ['Job', 'nightly-1'] }),
    pod('kafka-0', { ...gone, waits: true, owner: ['StrimziPodSet', 'kafka'] }),
    pod('kafka-1', { ...gone, waits: true, owner: ['StrimziPodSet', 'kafka'] }),
    workload('ReplicaSet', 'canary-1', { ...gone, owner: ['Rollout', 'canary'] }),
    pod('canary-1-x', { ...gone, owner: ['ReplicaSet', 'canary-1'] }),
    pod('lone', gone),
    pod('web-1', { waits: true, owner: ['Deployment', 'elsewhere'] }),
    pod('odd', { waits: true, image: 'docker.io/library/nginx', owner: ['Operated', 'thing'] }),
  ]
  const { out, status } = await scan(t, [], objects)
  t.match(out, /CronJob nightly \(1 Pod waits\), StrimziPodSet kafka \(2 Pods wait\),\s+Rollout canary and Pod lone\n/)
  t.match(out, /Deployment elsewhere \(1 Pod waits\)/)
  t.match(out, 'Operated thing (1 Pod waits)')
  t.equal(status, 1)
})

t.test("an object without sense is nobody's", async t => {
  for (const object of [{ metadata: { ownerReferences: 5 } }, {}, undefined])
    t.equal(new Owned().note('Deployment', object), true)
})
