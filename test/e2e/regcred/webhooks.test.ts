import t from 'tap'
import { createAuthority } from '../../tls/pki.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { withControlPlane } from '../fixture.ts'
import { registerWebhooks, unregisterWebhooks } from './webhooks.ts'

// The webhooks are registered with an address at which nobody listens: what they are called for fails and names them.
const { kubectl } = await withControlPlane(t)
const { certificate } = await createAuthority('nobody')
const nobody = { url: 'https://127.0.0.1:1', authority: certificate }

const list = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '0e6ef9c4-0000-0000-0000-000000000000' }
const deployment = { ...owner, apiVersion: 'apps/v1', kind: 'Deployment', controller: true }
const replicaSet = (name: string, ownerReferences: object[]) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, ownerReferences },
  spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template },
})
const initPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'with-init' },
  spec: { initContainers: [{ name: 'init', image: 'nginx' }], containers: [{ name: 'c', image: 'nginx' }] },
}
const podTemplate = { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'stored' }, template }

t.before(async () => {
  outputOf(await kubectl(['run', 'stored', '--image=nginx']))
  outputOf(await kubectl(['create', 'deployment', 'stored', '--image=nginx', '--replicas=0']))
  outputOf(await kubectl(['create', 'deployment', 'doomed', '--image=nginx']))
  outputOf(await kubectl(['create', 'cronjob', 'stored', '--image=nginx', '--schedule=0 0 1 1 *']))
  outputOf(await kubectl(['create', '-f', '-'], { input: list(podTemplate, initPod) }))
  outputOf(await kubectl(['create', 'namespace', 'stored']))
  await registerWebhooks(kubectl, nobody)
})

const changed = '{"spec":{"template":{"metadata":{"annotations":{"a":"b"}}}}}'
const login = ['--docker-server=x.example.com', '--docker-username=u', '--docker-password=p']
const cases: { name: string; args: string[]; as?: string; input?: string; called: string | null }[] = [
  { name: 'a new Pod', args: ['run', 'x', '--image=nginx'], called: 'mutate' },
  { name: 'a Pod of kube-system', args: ['run', 'x', '--image=nginx', '--namespace=kube-system'], called: null },
  { name: 'a changed Pod', args: ['set', 'image', 'pod/stored', 'stored=nginx:2'], called: 'validate' },
  { name: 'a changed init container', args: ['set', 'image', 'pod/with-init', 'init=nginx:2'], called: 'validate' },
  { name: 'a labelled Pod', args: ['label', 'pod', 'with-init', 'a=b'], called: null },
  { name: 'a Pod that goes', args: ['delete', 'pod', 'with-init', '--cascade=foreground'], called: null },
  { name: 'a debug container', args: ['debug', 'stored', '--image=busybox'], called: 'validate' },
  { name: 'a new Deployment', args: ['create', 'deployment', 'x', '--image=nginx'], called: 'templates' },
  { name: 'a changed template', args: ['patch', 'deployment', 'stored', '--patch', changed], called: 'templates' },
  { name: 'a scaled Deployment', args: ['scale', 'deployment', 'stored', '--replicas=2'], called: null },
  { name: 'a labelled Deployment', args: ['label', 'deployment', 'stored', 'a=b'], called: null },
  { name: 'a Deployment that goes', args: ['delete', 'deployment', 'doomed', '--cascade=foreground'], called: null },
  { name: 'a ReplicaSet', args: ['create', '-f', '-'], input: list(replicaSet('own', [])), called: 'templates' },
  {
    name: 'a ReplicaSet with an owner that is not its controller',
    args: ['create', '-f', '-'],
    input: list(replicaSet('owned', [owner])),
    called: 'templates',
  },
  {
    name: 'a ReplicaSet that a controller makes',
    args: ['create', '-f', '-'],
    as: 'system:serviceaccount:kube-system:deployment-controller',
    input: list(replicaSet('controlled', [deployment])),
    called: null,
  },
  {
    name: 'a ReplicaSet that a person says a controller makes',
    args: ['create', '-f', '-'],
    input: list(replicaSet('claimed', [deployment])),
    called: 'templates',
  },
  {
    name: 'a CronJob with another template',
    args: ['patch', 'cronjob', 'stored', '--patch', `{"spec":{"jobTemplate":${changed}}}`],
    called: 'templates',
  },
  {
    name: 'a suspended CronJob',
    args: ['patch', 'cronjob', 'stored', '--patch', '{"spec":{"suspend":true}}'],
    called: null,
  },
  {
    name: 'a changed PodTemplate',
    args: ['patch', 'podtemplate', 'stored', '--patch', '{"template":{"metadata":{"labels":{"a":"b"}}}}'],
    called: 'templates',
  },
  { name: 'a labelled PodTemplate', args: ['label', 'podtemplate', 'stored', 'a=b'], called: null },
  { name: 'a pull secret', args: ['create', 'secret', 'docker-registry', 'x', ...login], called: 'secrets' },
  { name: 'another Secret', args: ['create', 'secret', 'generic', 'x', '--from-literal=a=b'], called: null },
  { name: 'a Namespace without our labels', args: ['label', 'namespace', 'stored', 'a=b'], called: null },
  {
    name: 'a Namespace with one',
    args: ['label', 'namespace', 'stored', 'regcred.dev/mode=audit'],
    called: 'namespaces',
  },
]

for (const { name, args, as, input = '', called } of cases) {
  t.test(`${name} is ${called === null ? 'no concern of ours' : `sent to ${called}`}`, async t => {
    const { code, stderr } = await kubectl(args, {
      input,
      timeout: 20_000,
      ...(as && { as, groups: ['system:masters'] }),
    })
    if (called === null) t.equal(code, 0, stderr)
    else t.match(stderr, `failed calling webhook "${called}.regcred.dev"`)
  })
}

t.test('a registration takes the place of the one before', async t => {
  await registerWebhooks(kubectl, { ...nobody, webhooks: ['validate.regcred.dev'] })
  t.match((await kubectl(['run', 'x', '--image=nginx'])).stderr, 'failed calling webhook "validate.regcred.dev"')
  await registerWebhooks(kubectl, { ...nobody, failurePolicy: 'Ignore' })
  t.equal((await kubectl(['run', 'ignored', '--image=nginx'])).code, 0)
})

t.test('what is not registered any more is not called', async t => {
  await registerWebhooks(kubectl, nobody)
  await unregisterWebhooks(kubectl)
  t.equal((await kubectl(['run', 'after', '--image=nginx'])).code, 0)
})
