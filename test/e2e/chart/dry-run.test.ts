import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, serviceAccount } from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { defineCustomResources } from './definitions.ts'
import { CHART, createHelm, RELEASE, templateArgs } from './helm.ts'

const { kubectl } = await withControlPlane(t)
const helm = createHelm()
await defineCustomResources(kubectl)
// Of what has a Pod template the API server only warns; a Pod it refuses.
const restricted = Object.fromEntries(
  ['enforce', 'warn'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
)
// A Pod is refused without its ServiceAccount, in a dry run too.
const account = serviceAccount(RELEASE, `${RELEASE}-test`, [])
outputOf(await apply(kubectl, namespace(RELEASE, { labels: restricted }), account))

const examples = globSync('examples/*.yaml', { cwd: CHART }).filter(file => basename(file) !== 'argo-cd.yaml')
const EVERYTHING = [
  'networkPolicy={"enabled":true,"metricsFrom":[{"namespaceSelector":{}}]}',
  'metrics.podMonitor.enabled=true',
  'webhooks.mutate.objectSelector={"matchLabels":{"a":"b"}}',
  'webhooks.namespaceSelector={"matchLabels":{"a":"b"},"matchExpressions":[{"key":"c","operator":"Exists"}]}',
  'webhooks.templates.extraKinds=[{"apiGroup":"argoproj.io","apiVersions":["v1alpha1"],"resources":["rollouts"]}]',
  'topologySpreadConstraints=[{"maxSkew":1,"topologyKey":"rack","whenUnsatisfiable":"ScheduleAnyway","labelSelector":{"matchLabels":{"a":"b"}}}]',
  'affinity={"nodeAffinity":{}}',
  'tolerations=[{"operator":"Exists"}]',
  'imagePullSecrets=[{"name":"a"}]',
  'extraEnv=[{"name":"A","value":"b"}]',
  'extraVolumes=[{"name":"a","emptyDir":{}}]',
  'extraVolumeMounts=[{"name":"a","mountPath":"/a"}]',
  'extraObjects=[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{ .Release.Name }}-more"}}]',
  'commonLabels={"team":"platform"}',
  'podAnnotations={"a":"b"}',
  'podLabels={"a":"b"}',
  'serviceAccount.annotations={"a":"b"}',
  'service.annotations={"a":"b"}',
  'priorityClassName="system-cluster-critical"',
  'tls.certManager.issuerRef={"name":"a","kind":"ClusterIssuer"}',
]

const releases: { name: string; values: string[]; sets: string[]; warned?: RegExp }[] = [
  { name: 'the defaults', values: [], sets: [] },
  { name: 'everything at once', values: [], sets: EVERYTHING },
  ...examples.sort().map(file => ({
    name: basename(file),
    values: [join(CHART, file)],
    sets: [],
    // It asks for the host's network, which is what restricted forbids.
    ...(basename(file) === 'eks.yaml' && { warned: /^Warning: would violate PodSecurity "restricted:latest": host/ }),
  })),
]

for (const { name, values, sets, warned } of releases) {
  t.test(
    `${name}: the API server takes every object as it is, and none asks for more than restricted allows`,
    async t => {
      const input = outputOf(await helm(...templateArgs(values, sets)))
      const args = ['apply', '--dry-run=server', '--validate=strict', '-f', '-']
      const { code, stdout, stderr } = await kubectl(args, { input })
      if (warned === undefined) t.same({ code, stderr }, { code: 0, stderr: '' })
      else t.match(stderr, warned)
      t.match(stdout, 'deployment.apps/regcred created')
    },
  )
}

// No Argo CD runs here, so it is not synced: it is what Argo CD's API takes, and no field of it is unknown.
t.test('argo-cd.yaml is an Application, by the definition of Argo CD itself', async t => {
  outputOf(await apply(kubectl, namespace('argocd')))
  const file = join(CHART, 'examples/argo-cd.yaml')
  const made = await kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', file])
  t.strictSame(made, { code: 0, stdout: 'application.argoproj.io/regcred created (server dry run)\n', stderr: '' })
})
