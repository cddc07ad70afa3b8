import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, serviceAccount } from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { defineCustomResources } from './definitions.ts'
import { CHART, createHelm, IN_CLUSTER, RELEASE, valueArgs } from './helm.ts'

const { kubectl } = await withControlPlane(t)
const helm = createHelm()
await defineCustomResources(kubectl)
// Of what has a Pod template the API server only warns; a Pod it refuses.
const restricted = Object.fromEntries(
  ['enforce', 'warn'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
)
/** As long as helm takes them, and one with a dot, which the names of Services do not have. */
const LONGEST = 'a'.repeat(53)
const DOTTED = 'team-a.pulls'
// A Pod is refused without its ServiceAccount, in a dry run too.
const accounts = [RELEASE, 'a'.repeat(52), 'b'.repeat(52), 'team-a-pulls-regcred'].map(name =>
  serviceAccount(RELEASE, `${name}-test`, []),
)
outputOf(await apply(kubectl, namespace(RELEASE, { labels: restricted }), ...accounts))

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

const releases: { name: string; release?: string; values: string[]; sets: string[]; warned?: RegExp }[] = [
  { name: 'the defaults', values: [], sets: [] },
  { name: 'everything at once', values: [], sets: EVERYTHING },
  { name: 'the longest name of a release', release: LONGEST, values: [], sets: EVERYTHING },
  {
    name: 'the longest names of a chart',
    values: [],
    sets: [...EVERYTHING, `nameOverride="${'c'.repeat(57)}"`, `fullnameOverride="${'b'.repeat(52)}"`],
  },
  { name: 'the longest names with cert-manager', release: LONGEST, values: [], sets: ['tls.mode="certManager"'] },
  { name: 'a name with a dot', release: DOTTED, values: [], sets: EVERYTHING },
  ...examples.sort().map(file => ({
    name: basename(file),
    values: [join(CHART, file)],
    sets: [],
    // It asks for the host's network, which is what restricted forbids.
    ...(basename(file) === 'eks.yaml' && { warned: /^Warning: would violate PodSecurity "restricted:latest": host/ }),
  })),
]

for (const { name, release = RELEASE, values, sets, warned } of releases) {
  t.test(
    `${name}: the API server takes every object as it is, and none asks for more than restricted allows`,
    async t => {
      const where = ['template', release, CHART, `--namespace=${RELEASE}`, IN_CLUSTER]
      const input = outputOf(await helm(...where, ...valueArgs(values, sets)))
      const args = ['apply', '--dry-run=server', '--validate=strict', '-f', '-']
      const { code, stdout, stderr } = await kubectl(args, { input })
      if (warned === undefined) t.same({ code, stderr }, { code: 0, stderr: '' })
      else t.match(stderr, warned)
      t.match(stdout, /^deployment.apps\/\S+ created/m)
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

t.test('what deploys it leaves the emergency switch alone, or can be told to', async t => {
  outputOf(await kubectl(['apply', '-f', join(CHART, 'examples/argo-cd.yaml')]))
  const policy = async () => {
    const application = outputOf(await kubectl(['get', 'application', RELEASE, '--namespace=argocd', '--output=json']))
    return JSON.parse(application).spec.syncPolicy.automated
  }
  t.strictSame(await policy(), { prune: true, selfHeal: false })
  const docs = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
  const [command = ''] = docs.match(/(?<=^kubectl ).* patch application .*/m) ?? []
  const [, flags = '', patch = ''] = command.match(/^(.*) --patch='(.*)'$/) ?? []
  outputOf(await kubectl([...flags.split(' '), `--patch=${patch}`]))
  t.equal(await policy(), undefined)
})

t.test('the notes say so while no registry is listed as private, and only then', async t => {
  const notesOf = async (...sets: string[]) => {
    const args = ['install', RELEASE, CHART, `--namespace=${RELEASE}`, '--dry-run=client', ...valueArgs([], sets)]
    return outputOf(await helm(...args)).split('\nNOTES:\n')[1] ?? ''
  }
  const SAID = 'No registry is listed as private (config.registries.private)'
  const notes = await notesOf()
  t.match(notes, /^regcred .* is installed in namespace regcred: mode /)
  t.match(notes, SAID)
  t.notMatch(await notesOf('config.registries.private=["registry.example.com"]'), SAID)
  t.notMatch(await notesOf('config.registries.default="private"'), SAID)
})
