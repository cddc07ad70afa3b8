import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { listOfPod } from '../control-plane/advised.ts'
import type { KubectlResult } from '../control-plane/kubectl.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, namespace, pod, pullSecret, workload } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf, ours } from '../regcred/observe.ts'
import { startRecorder } from '../traffic/recorder.ts'

const PRIVATE = 'private.example.com'
const IMAGE = `${PRIVATE}/acme/web:1`
const { controlPlane, regcred } = await withCluster(t, {
  config: { registries: { private: [PRIVATE] } },
  registration: false,
})
const { kubectl } = controlPlane
const recorder = await startRecorder(regcred)
t.teardown(() => recorder.close())

t.before(async () => {
  await regcred.register(recorder)
  for (const mode of ['warn', 'enforce']) {
    const labels = { 'regcred.dev/mode': mode }
    outputOf(await apply(kubectl, namespace(mode, { labels }), pullSecret(mode, 'own', 'own.example.com')))
    const images = ['own.example.com/a/b', 'nginx']
    outputOf(await apply(kubectl, pod(mode, 'web', { images, references: ['own'] })))
    outputOf(await apply(kubectl, workload('ReplicaSet', mode, 'owned', { images, references: ['own'] })))
  }
})

/** The name of the Pod that the ReplicaSet has made. */
function ownedPod(namespace: string): Promise<string> {
  const args = ['get', 'pods', '--selector=app=owned', '--output=name', `--namespace=${namespace}`]
  return poll('the ReplicaSet has a Pod', async () => outputOf(await kubectl(args)).trim() || undefined)
}

const INVALID =
  'image "Not/AnImage" of container "c1" is not a valid image name (invalid reference format: repository name must be lowercase); write "Not/animage"'
const uncovered = (where: string) =>
  `none of its pull secrets has credentials for "${IMAGE}" ("own" is for own.example.com); add one that has them to ${where}`
const OF_OWNER = 'spec.template.spec.imagePullSecrets of its ReplicaSet "owned"'
const wayOut = '(to let it through: kubectl label --overwrite namespace enforce regcred.dev/mode=warn)'

const changes: { name: string; namespace: string; owned?: true; image: string; says: string }[] = [
  { name: 'to one that pulls says nothing', namespace: 'enforce', image: 'own.example.com/c/d', says: '' },
  {
    name: 'to one that does not warns',
    namespace: 'warn',
    image: IMAGE,
    says: `Warning: Pod POD: ${uncovered(listOfPod('warn'))}\n`,
  },
  {
    name: "warns of a controller's Pod too",
    namespace: 'warn',
    owned: true,
    image: IMAGE,
    says: `Warning: Pod POD: ${uncovered(OF_OWNER)}\n`,
  },
  {
    name: 'is refused where that is enforced',
    namespace: 'enforce',
    image: 'Not/AnImage',
    says:
      'error: failed to patch image update to pod template: ' +
      `admission webhook "validate.regcred.dev" denied the request: Pod POD: ${INVALID} ${wayOut}\n`,
  },
  {
    name: "and of a controller's Pod too",
    namespace: 'enforce',
    owned: true,
    image: 'Not/AnImage',
    says:
      'error: failed to patch image update to pod template: ' +
      `admission webhook "validate.regcred.dev" denied the request: Pod POD: ${INVALID} in its ReplicaSet "owned" ${wayOut}\n`,
  },
]

for (const { name, namespace, owned, image, says } of changes) {
  t.test(`a change of an image ${name}`, async t => {
    const target = owned ? await ownedPod(namespace) : 'pod/web'
    const changed = await kubectl(['set', 'image', target, `c1=${image}`, `--namespace=${namespace}`])
    const stderr = says.replace('POD', target.replace('pod/', ''))
    const refused = says.startsWith('error')
    t.same(changed, { code: refused ? 1 : 0, stdout: refused ? '' : `${target} image updated\n`, stderr })
  })
}

for (const namespace of ['warn', 'enforce']) {
  t.test(`kubectl debug is warned in mode ${namespace}, and never refused`, async t => {
    for (const target of ['pod/web', await ownedPod(namespace)]) {
      const debug = (container: string, image: string): Promise<KubectlResult> =>
        kubectl(['debug', target, `--image=${image}`, `--container=${container}`, `--namespace=${namespace}`])
      t.same(await debug('fine', 'busybox'), { code: 0, stdout: '', stderr: '' })
      const title = `Warning: Pod ${target.replace('pod/', '')}`
      const says = uncovered(target === 'pod/web' ? listOfPod(namespace) : OF_OWNER)
      t.same(await debug('uncovered', IMAGE), { code: 0, stdout: '', stderr: `${title}: ${says}\n` })
    }
    const filter = { resource: 'pods', subresource: 'ephemeralcontainers', namespace, name: 'web' }
    const events = await controlPlane.auditEvents(filter, 2)
    t.same(events.map(ours), [
      {},
      {
        'validate.regcred.dev/findings': 'ImageNotCovered blocks container=uncovered',
        'validate.regcred.dev/mode': namespace,
      },
    ])
  })
}

t.test('what changes no image of a Pod never comes', async t => {
  const reviews = await countOf(regcred, 'regcred_reviews_total')
  const calls = recorder.calls.length
  for (const args of [
    ['label', 'pod', 'web', 'a=b'],
    ['annotate', 'pod', 'web', 'a=b'],
    ['patch', 'pod', 'web', '--patch={"spec":{"activeDeadlineSeconds":9}}'],
    ['delete', 'pod', 'web', '--cascade=foreground'],
  ]) {
    const done = await kubectl([...args, '--namespace=warn'])
    t.same([done.code, done.stderr], [0, ''], args.join(' '))
  }
  t.equal(recorder.calls.length, calls)
  t.equal(await countOf(regcred, 'regcred_reviews_total'), reviews)
})
