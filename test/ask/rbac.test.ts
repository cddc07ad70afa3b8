import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { writeRbac } from '../../src/ask/rbac.ts'
import { RESOURCES } from '../../src/ask/resources.ts'

const KINDS = [RESOURCES.Deployment, RESOURCES.StatefulSet, RESOURCES.Secret, RESOURCES.CronJob]
const read = (user?: string) =>
  parseAllDocuments(writeRbac('regcred-scan', KINDS, user)).map(document => document.toJS())

t.test('a role may list these kinds and Namespaces, and nothing else', async t => {
  const [role, binding] = read()
  t.strictSame(role.rules, [
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['list'] },
    { apiGroups: [''], resources: ['secrets', 'namespaces'], verbs: ['list'] },
    { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['list'] },
  ])
  t.equal(role.metadata.name, binding.roleRef.name)
  t.strictSame(binding.subjects, [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'regcred-scan' }])
})

t.test('a user is bound by his name, whatever is in it', async t => {
  for (const user of ['jane@example.com', 'system:serviceaccount:ci:scanner', 'a: "b" # c\n\u001b']) {
    const [, { subjects }] = read(user)
    t.strictSame(subjects, [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }])
  }
})
