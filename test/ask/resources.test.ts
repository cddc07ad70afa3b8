import t from 'tap'
import { parseTarget, pathOf, RESOURCES, WORKLOADS } from '../../src/ask/resources.ts'

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
  }
  for (const [text, [kind, name]] of Object.entries(cases)) {
    t.match(parseTarget(text), { resource: { kind }, name }, text)
  }
  for (const text of ['web', 'node/a', 'pod/', '/web', '']) t.equal(parseTarget(text), undefined, text)
})

t.test('the path has the group', async t => {
  t.equal(pathOf(RESOURCES.Secret, 'a'), '/api/v1/namespaces/a/secrets')
  t.equal(pathOf(RESOURCES.CronJob, 'a'), '/apis/batch/v1/namespaces/a/cronjobs')
  t.notOk(WORKLOADS.some(({ kind }) => kind === 'Pod'))
})
