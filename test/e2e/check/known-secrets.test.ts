import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { outcomeOf, spawnRegcred } from '../../commands/spawn.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  fileOf,
  type Manifest,
  namespace,
  pod,
  pullSecret,
  REGISTRY,
  workload,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'

const DEV = 'dev@example.com'
const READER = 'reader@example.com'
const { controlPlane } = await withCluster(t)
const { kubectl } = controlPlane
const dev = await controlPlane.addUser(DEV)
const reader = await controlPlane.addUser(READER)
const admin = controlPlane.kubeconfig

const regcred = async (...args: readonly string[]) => await outcomeOf(spawnRegcred(args))
const folder = t.testdir({})

/** Who may make Pods and Deployments here, and may not see Secrets. */
const RBAC = 'rbac.authorization.k8s.io'
const IN_NEAR = { apiVersion: `${RBAC}/v1`, metadata: { name: 'dev', namespace: 'near' } }
const RULES = [
  { apiGroups: [''], resources: ['pods'], verbs: ['create'] },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] },
]

outputOf(
  await apply(
    kubectl,
    namespace('near'),
    namespace('strict', { labels: { 'regcred.dev/mode': 'enforce' } }),
    namespace('quiet', { labels: { 'regcred.dev/mode': 'off' } }),
    pullSecret('near', 'regcred', REGISTRY),
    pullSecret('strict', 'regcred', REGISTRY),
    { ...IN_NEAR, kind: 'Role', rules: RULES },
    {
      ...{ ...IN_NEAR, kind: 'RoleBinding', roleRef: { apiGroup: RBAC, kind: 'Role', name: 'dev' } },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: DEV }],
    },
    deployment('near', 'there', { references: ['regcerd'] }, 0),
  ),
)
// A Pod needs the ServiceAccount of its namespace, which no controller makes here at once.
for (const name of ['near', 'strict', 'quiet']) await kubectl(['create', 'serviceaccount', 'default', '-n', name])

function write(name: string, ...objects: readonly Manifest[]): string {
  const file = join(folder, name)
  writeFileSync(file, fileOf(...objects))
  return file
}

const misspelt = write(
  'misspelt.json',
  pod('near', 'web', { references: ['regcerd'] }),
  deployment('near', 'there', { references: ['regcerd'] }),
)

const NEAR = /SecretNotFound: Secret "regcerd" does not exist in namespace "near"; did you mean "regcred"\?/

t.test('who may not list Secrets asks regcred in the cluster, and nothing is made', async t => {
  t.equal((await kubectl(['auth', 'can-i', 'list', 'secrets', '-n', 'near', `--as=${DEV}`])).stdout.trim(), 'no')
  const { out, err, status } = await regcred('check', misspelt, '--server-side', '--kubeconfig', dev, '-o', 'json')
  t.equal(err, '')
  t.equal(status, 1)
  t.match(JSON.parse(out).objects, [
    { kind: 'Pod', findings: [{ code: 'SecretNotFound', secret: 'regcerd', suggestion: 'regcred' }] },
    { kind: 'Deployment', findings: [{ code: 'SecretNotFound', secret: 'regcerd', suggestion: 'regcred' }] },
  ])
  t.match((await regcred('check', misspelt, '--server-side', '--kubeconfig', dev)).out, NEAR)
  t.equal((await kubectl(['get', 'pods', '-n', 'near', '-o', 'name'])).stdout, '')
  t.equal((await kubectl(['get', 'deployments', '-n', 'near', '-o', 'name'])).stdout, 'deployment.apps/there\n')
})

t.test('every request of theirs was a dry run', async t => {
  const events = await controlPlane.auditEvents({ username: DEV, verb: 'create', namespace: 'near' }, 5)
  for (const { requestURI } of events) t.match(requestURI, 'dryRun=All')
})

t.test('what is right is said to be, and nothing is unknown then', async t => {
  const right = write('right.json', pod('near', 'web', { references: ['regcred'] }))
  const { out, err, status } = await regcred('check', right, '--server-side', '--kubeconfig', dev)
  t.strictSame([out, err, status], ['1 object checked: 0 errors, 0 warnings, 0 notes\n', '', 0])
})

t.test('what may not be made, what is refused, and where regcred says nothing', async t => {
  const job = write('job.json', workload('Job', 'near', 'once', { references: ['regcerd'] }))
  const forbidden = await regcred('check', job, '--server-side', '--kubeconfig', dev)
  t.match(forbidden.err, /about Job once in namespace near: you may not create jobs in namespace "near" \(403\)/)
  t.equal(forbidden.status, 2)
  const blocked = write('blocked.json', pod('strict', 'web', { references: ['regcerd'] }))
  const invalid = write('invalid.json', pod('strict', 'web', { images: ['Registry/UPPER'], references: ['regcerd'] }))
  t.equal((await regcred('check', blocked, '--server-side', '--kubeconfig', admin)).status, 1)
  t.match((await regcred('check', invalid, '--server-side', '--kubeconfig', admin)).out, /error +ImageInvalid/)
  const quiet = await regcred(
    ...['check', write('quiet.json', pod('quiet', 'web', { references: ['x'] })), '--server-side'],
    ...['--kubeconfig', admin],
  )
  t.match(quiet.err, 'regcred in the cluster says nothing in namespace quiet')
  const absent = write('absent.json', pod('nowhere', 'web', { references: ['x'] }))
  const none = await regcred('check', absent, '--server-side', '--kubeconfig', admin)
  t.match(none.err, 'about Pod web in namespace nowhere: namespace "nowhere" does not exist')
})

t.test('who may list Secrets looks them up, and who may not is told', async t => {
  t.match((await regcred('check', misspelt, '--cluster', '--kubeconfig', admin)).out, NEAR)
  const { err, status } = await regcred('check', misspelt, '--cluster', '--kubeconfig', dev)
  t.match(err, 'regcred: near: you may not list secrets in namespace "near" (403)')
  t.equal(status, 2)
})

t.test(
  'with the role that --rbac prints a snapshot is taken, by which a check without the cluster finds it',
  async t => {
    t.match((await regcred('snapshot', '-A', '--kubeconfig', reader)).err, 'you may not list namespaces (403)')
    outputOf(await kubectl(['apply', '-f', '-'], { input: (await regcred('snapshot', '--rbac', READER)).out }))
    const file = join(folder, 'pull-secrets.yaml')
    const taken = await regcred('snapshot', '-A', '--kubeconfig', reader, '--output-file', file)
    t.strictSame([taken.out, taken.err, taken.status], ['', '', 0])
    const { out, status } = await regcred('check', misspelt, '--known-secrets', file)
    t.match(out, NEAR)
    t.equal(status, 1)
  },
)
