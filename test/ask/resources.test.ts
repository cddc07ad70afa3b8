import t from 'tap'
import { allPathOf, parseTarget, pathOf, RESOURCES, WORKLOADS } from '../../src/ask/resources.ts'

t.test('an object is named as kubectl names it', async t => {
  const cases = {
    'pod/web': ['Pod', 'web'],
    'po/web': ['Pod', 'web'],
    'Deployment/web': ['Deployment', 'web'],
    'deployments.apps/web': ['Deployment', 'web'],
    'deployments.v1.apps/web': ['Deployment', 'web'],
    'sa/default': ['ServiceAccount', 'default'],
    'cj/nightly': ['CronJob', 'nightly'],
    'job/a/b': ['Job', 'a/b'],
    'pod.v1/web': ['Pod', 'web'],
    'rs/web': ['ReplicaSet', 'web'],
    'replicasets.apps/web': ['ReplicaSet', 'web'],
    'ds/web': ['DaemonSet', 'web'],
    'daemonset.apps/web': ['DaemonSet', 'web'],
    'sts/web': ['StatefulSet', 'web'],
    'jobs.batch/web': ['Job', 'web'],
    'cronjob/web': ['CronJob', 'web'],
    'CronJobs.v1.batch/web': ['CronJob', 'web'],
    'rc/web': ['ReplicationController', 'web'],
  }
  for (const [text, [kind, name]] of Object.entries(cases)) {
    t.match(parseTarget(text), { resource: { kind }, name }, text)
  }
  for (const text of [
    'web',
    'node/a',
    'deployments.example.com/web',
    'pod.apps/web',
    'deployments.v2.apps/web',
    'deployments./web',
    'pod/',
    '/web',
    '',
  ])
    t.equal(parseTarget(text), undefined, text)
})

t.test('the path has the group', async t => {
  t.equal(pathOf(RESOURCES.Secret, 'a'), '/api/v1/namespaces/a/secrets')
  t.equal(pathOf(RESOURCES.CronJob, 'a'), '/apis/batch/v1/namespaces/a/cronjobs')
  t.equal(allPathOf(RESOURCES.CronJob), '/apis/batch/v1/cronjobs')
  t.notOk(WORKLOADS.some(({ kind }) => kind === 'Pod'))
})
