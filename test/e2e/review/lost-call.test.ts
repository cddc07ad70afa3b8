import t from 'tap'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  IMAGE,
  namespace,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
  workload,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf, ourAnnotations, ours, storedReferences } from '../regcred/observe.ts'

const PRIVATE = 'private.example.com'
/** Without the mutating webhook: every mutating call is lost. */
const VALIDATING = ['validate', 'templates', 'secrets', 'namespaces'].map(name => `${name}.regcred.dev`)
const { controlPlane, regcred } = await withCluster(t, {
  config: { registries: { private: [PRIVATE] }, inject: { secrets: ['acme'] } },
  registration: { webhooks: VALIDATING },
})
const { kubectl } = controlPlane

t.before(async () => {
  for (const mode of ['warn', 'enforce']) {
    const secrets = [
      pullSecret(mode, 'acme', PRIVATE),
      pullSecret(mode, 'found', REGISTRY),
      pullSecret(mode, 'own', 'own.example.com'),
    ]
    outputOf(await apply(kubectl, namespace(mode, { labels: { 'regcred.dev/mode': mode } }), ...secrets))
  }
})

const privateImage = { images: [`${PRIVATE}/acme/web:1`] }
const lost = (secret: string, where: string) =>
  `regcred could not add pull secret "${secret}" in time; recreate the Pod: kubectl replace --force --namespace ${where} -f FILE`

const cases: {
  name: string
  namespace: string
  tweak: PodTweak
  warning?: string
  refusal?: string
  findings: string
}[] = [
  {
    name: 'a private image warns',
    namespace: 'warn',
    tweak: privateImage,
    warning: lost('acme', 'warn'),
    findings: 'NotInjected blocks container=c0',
  },
  {
    name: 'a private image is refused where that is enforced',
    namespace: 'enforce',
    tweak: privateImage,
    refusal: lost('acme', 'enforce'),
    findings: 'NotInjected blocks container=c0',
  },
  {
    name: 'an image that may be public is only recorded',
    namespace: 'enforce',
    tweak: { images: [IMAGE] },
    findings: 'NotInjected degrades container=c0',
  },
  {
    name: 'such an image beside references that do nothing warns',
    namespace: 'enforce',
    tweak: { images: [IMAGE], references: ['own'] },
    warning: lost('found', 'enforce'),
    findings: 'NotInjected mayBlock container=c0',
  },
]

for (const [i, { name, namespace, tweak, warning, refusal, findings }] of cases.entries()) {
  t.test(`a lost mutating call for ${name}`, async t => {
    const title = `Pod case-${i}`
    const wayOut = `(to let it through: kubectl label --overwrite namespace ${namespace} regcred.dev/mode=warn)`
    const denied =
      'Error from server (Forbidden): error when creating "STDIN": ' +
      `admission webhook "validate.regcred.dev" denied the request: ${title}: ${refusal} ${wayOut}\n`
    const stderr = warning === undefined ? '' : `Warning: ${title}: ${warning}\n`
    const wanted =
      refusal === undefined
        ? { code: 0, stdout: `pod/case-${i} created\n`, stderr }
        : { code: 1, stdout: '', stderr: denied }
    t.same(await apply(kubectl, pod(namespace, `case-${i}`, tweak)), wanted)
    const filter = { verb: 'create', resource: 'pods', namespace, name: `case-${i}` }
    const mode = { 'validate.regcred.dev/mode': namespace }
    t.same(await ourAnnotations(controlPlane, filter), { 'validate.regcred.dev/findings': findings, ...mode })
  })
}

t.test("a controller's Pod is recorded and counted, and nothing else", async t => {
  const counted = () => countOf(regcred, 'regcred_findings_total', { code: 'NotInjected' })
  const before = await counted()
  const made = await apply(kubectl, workload('StatefulSet', 'enforce', 'db', privateImage))
  t.same(made, { code: 0, stdout: 'statefulset.apps/db created\n', stderr: '' }, 'its Pods will have their plan')
  const filter = {
    verb: 'create',
    resource: 'pods',
    namespace: 'enforce',
    username: 'system:serviceaccount:kube-system:statefulset-controller',
  }
  const [event] = await controlPlane.auditEvents(filter)
  t.equal(event?.responseStatus?.code, 201)
  t.match(event && ours(event), { 'validate.regcred.dev/findings': 'NotInjected blocks container=c0' })
  t.equal(await counted(), before + 1)
})

t.test('what the message advises works', async t => {
  const listed = await apply(kubectl, pod('enforce', 'listed', { ...privateImage, references: ['acme'] }))
  t.same(listed, { code: 0, stdout: 'pod/listed created\n', stderr: '' })
  await regcred.register()
  const again = await apply(kubectl, pod('enforce', 'again', privateImage))
  t.same(again, { code: 0, stdout: 'pod/again created\n', stderr: '' })
  t.same(await storedReferences(kubectl, 'enforce', 'again'), ['acme'])
})
