import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, deployment, type Manifest, namespace, pod, pullSecret, REGISTRY } from '../control-plane/objects.ts'
import { withControlPlane } from '../fixture.ts'
import { CHART, createHelm, findObject, objectsOf } from './helm.ts'

/** Releases by their namespaces, both of which refuse what they are not asked about; and nobody answers for them. */
const RELEASES = { first: 'first-regcred', second: 'second-regcred' }
const { kubectl, kubeconfig } = await withControlPlane(t)
const helm = createHelm(kubeconfig)
outputOf(await apply(kubectl, namespace('first'), namespace('second'), namespace('team-a')))

for (const name of Object.keys(RELEASES)) {
  outputOf(await helm('install', name, CHART, `--namespace=${name}`, '--set=webhooks.failurePolicy=Fail'))
}

const objectsIn = async (name: string) =>
  objectsOf(outputOf(await helm('get', 'manifest', name, `--namespace=${name}`)))

/** The Pod of a release's Deployment, as its ReplicaSet makes it. */
async function podOf(name: string): Promise<Manifest> {
  const { spec } = findObject(await objectsIn(name), 'Deployment') as unknown as {
    spec: { template: { metadata: object; spec: object } }
  }
  const { template } = spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: 'replica', namespace: name },
    spec: template.spec,
  }
}

const attempt = (object: Manifest) =>
  kubectl(['create', '--dry-run=server', '-f', '-'], { input: JSON.stringify(object) })

t.before(async () => {
  await poll('both releases are in effect', async () => {
    const { stderr } = await attempt(pod('team-a', 'web'))
    return /failed calling webhook "mutate\.(first|second)-regcred\.regcred\.dev"/.test(stderr) || undefined
  })
})

t.test('neither keeps the other from starting, though neither answers', async t => {
  for (const name of Object.keys(RELEASES)) {
    const made = await attempt(await podOf(name))
    t.equal(made.code, 0, made.stderr)
    const [workload] = (await objectsIn(name)).filter(({ kind }) => kind === 'Deployment')
    const again = { ...workload, metadata: { ...workload?.metadata, name: 'again', namespace: name } } as Manifest
    const deployed = await attempt(again)
    t.equal(deployed.code, 0, deployed.stderr)
  }
})

t.test('a pull secret and a label of a namespace, which they never refuse, do not wait for an answer', async t => {
  const labels = { 'regcred.dev/mode': 'off' }
  for (const object of [pullSecret('team-a', 'acme', REGISTRY), namespace('team-b', { labels })]) {
    const made = await attempt(object)
    t.equal(made.code, 0, made.stderr)
  }
})

t.test('helm has its test to run, and nothing else', async t => {
  const hooks = objectsOf(outputOf(await helm('get', 'hooks', 'first', '--namespace=first')))
  t.strictSame(
    hooks.map(({ kind, metadata }) => `${kind} ${Object(metadata['annotations'])['helm.sh/hook']}`),
    ['ServiceAccount test', 'Role test', 'RoleBinding test', 'Pod test'],
  )
})

t.test('the mark alone, which anybody may write, spares nobody', async t => {
  const labels = { 'regcred.dev/release': 'first-regcred' }
  const accounts = [undefined, 'default', 'first-regcred', 'not-there']
  outputOf(await kubectl(['create', 'serviceaccount', 'first-regcred', '--namespace=team-a']))
  for (const serviceAccountName of accounts.filter(name => name !== 'not-there')) {
    const spec = serviceAccountName === undefined ? {} : { serviceAccountName }
    const { stderr } = await attempt(pod('team-a', 'web', { metadata: { labels }, spec }))
    t.match(stderr, 'failed calling webhook')
  }
  for (const serviceAccountName of accounts) {
    const spec = serviceAccountName === undefined ? {} : { serviceAccountName }
    const made = deployment('team-a', 'web', { spec })
    const { stderr } = await attempt({ ...made, metadata: { ...made.metadata, labels } })
    t.match(stderr, 'failed calling webhook "templates.')
  }
})

t.test('in the namespace of the other release all else is reviewed', async t => {
  for (const name of Object.keys(RELEASES)) {
    t.match((await attempt(pod(name, 'web'))).stderr, 'failed calling webhook')
  }
})

t.test('the API server shows the path to whom a call fails for: so much is a secret one worth', async t => {
  const path = '3f9c'.repeat(16)
  const values = ['--set=webhooks.failurePolicy=Fail', `--set=webhooks.path=${path}`]
  outputOf(await helm('upgrade', 'first', CHART, '--namespace=first', ...values))
  const said = await poll('the webhooks have the path', async () => {
    const { stderr } = await attempt(pod('second', 'web'))
    return stderr.includes(path) ? stderr : undefined
  })
  t.match(said, `Post "https://first-regcred.first.svc:443/${path}/mutate?timeout=3s"`)
})

t.test('a second release of the same name is refused, and the first stays as it is', async t => {
  const before = outputOf(await kubectl(['get', 'validatingwebhookconfiguration', RELEASES.first, '--output=json']))
  const { code, stderr } = await helm('install', 'first', CHART, '--namespace=second')
  t.not(code, 0)
  t.match(stderr, /"first-regcred" .*exists and cannot be imported into the current release/)
  const after = outputOf(await kubectl(['get', 'validatingwebhookconfiguration', RELEASES.first, '--output=json']))
  t.equal(after, before)
})
