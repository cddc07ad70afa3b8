import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { created, listOfPod, recreated } from '../control-plane/advised.ts'
import type { KubectlResult } from '../control-plane/kubectl.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import {
  apply,
  deployment,
  fileOf,
  IMAGE,
  type Manifest,
  namespace,
  opaqueSecret,
  type PodTweak,
  pod,
  pullSecret,
  REGISTRY,
} from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
import { countOf, ours } from '../regcred/observe.ts'

const { controlPlane, regcred } = await withCluster(t, { config: { registries: { private: [REGISTRY] } } })
const { kubectl } = controlPlane

t.before(async () => {
  const guarded = namespace('guarded', { labels: { 'regcred.dev/mode': 'enforce' } })
  const secrets = [pullSecret('guarded', 'acme', REGISTRY), opaqueSecret('guarded', 'opaque')]
  outputOf(await apply(kubectl, guarded, ...secrets, namespace('bare', { labels: { 'regcred.dev/mode': 'enforce' } })))
})

/** What kubectl prints when regcred refuses. */
function refusal(where: string, ...causes: string[]): Partial<KubectlResult> {
  const head = 'Error from server (Forbidden): error when creating "STDIN": '
  const way = `(to let it through: kubectl label --overwrite namespace ${where} regcred.dev/mode=warn)`
  const webhook = 'admission webhook "validate.regcred.dev" denied the request: '
  return { code: 1, stdout: '', stderr: `${head}${webhook}${causes.join('; ')} ${way}\n` }
}

const refused: { name: string; namespace: string; tweak: PodTweak; causes: string[] }[] = [
  {
    name: 'without any pull secret',
    namespace: 'bare',
    tweak: {},
    causes: [`no pull secret is listed, and "${IMAGE}" needs one; add one to ${listOfPod('bare')}`],
  },
  {
    name: 'whose pull secret is missing',
    namespace: 'bare',
    tweak: { references: ['acme'] },
    causes: [`Secret "acme" does not exist in namespace "bare"; ${created('acme', 'bare')}`],
  },
  {
    name: 'with an image name that does not parse',
    namespace: 'guarded',
    tweak: { images: ['Registry/UPPER'] },
    causes: [
      'image "Registry/UPPER" of container "c0" is not a valid image name (invalid reference format: repository name must be lowercase); write "Registry/upper"',
    ],
  },
  {
    name: 'that has opted out and references a Secret of another type',
    namespace: 'guarded',
    tweak: { references: ['opaque'], metadata: { annotations: { 'regcred.dev/inject': 'disabled' } } },
    causes: [`Secret "opaque" has type Opaque, so Kubernetes does not use it; ${recreated('opaque', 'guarded')}`],
  },
]

for (const [i, { name, namespace, tweak, causes }] of refused.entries()) {
  t.test(`a person's Pod ${name} is refused, and told what to do; a dry run says the same`, async t => {
    const input = fileOf(pod(namespace, `case-${i}`, tweak))
    const wanted = refusal(namespace, ...causes.map(cause => `Pod case-${i}: ${cause}`))
    t.same(await kubectl(['apply', '-f', '-'], { input }), wanted)
    const counted = (dryRun: string) =>
      countOf(regcred, 'regcred_reviews_total', { stage: 'validate', outcome: 'refused', dry_run: dryRun })
    const before = { real: await counted('false'), dry: await counted('true') }
    t.same(await kubectl(['apply', '--dry-run=server', '-f', '-'], { input }), wanted)
    t.same({ real: await counted('false'), dry: await counted('true') }, { ...before, dry: before.dry + 1 })
  })
}

t.test('what pulls is let through, and a dry run of it leaves nothing', async t => {
  const input = fileOf(pod('guarded', 'fine'))
  const dry = await kubectl(['apply', '--dry-run=server', '--output=json', '-f', '-'], { input })
  t.same(JSON.parse(outputOf(dry)).spec.imagePullSecrets, [{ name: 'acme' }], 'it is injected on a dry run')
  t.equal(dry.stderr, '')
  const found = await kubectl(['get', 'pod', 'fine', '--namespace=guarded'])
  t.match(found, { code: 1, stderr: 'pods "fine" not found' })
  const counted = await countOf(regcred, 'regcred_reviews_total', { kind: 'Pod', outcome: 'patched', dry_run: 'true' })
  t.equal(counted, 1)
  t.same(await kubectl(['apply', '-f', '-'], { input }), { code: 0, stdout: 'pod/fine created\n', stderr: '' })
})

t.test('a warning of a dry run is that of the real one', async t => {
  const input = fileOf(pod('guarded', 'warned', { references: ['amce'] }))
  const stderr = `Warning: Pod warned: Secret "amce" does not exist in namespace "guarded"; did you mean "acme"? Write it in ${listOfPod('guarded')}\n`
  const says = (more: string) => ({ code: 0, stdout: `pod/warned created${more}\n`, stderr })
  t.same(await kubectl(['apply', '--dry-run=server', '-f', '-'], { input }), says(' (server dry run)'))
  t.same(await kubectl(['apply', '-f', '-'], { input }), says(''))
})

t.test("a controller's Pod is not refused: what is wrong with it is in the audit log", async t => {
  const label = (mode: string) => kubectl(['label', 'namespace', 'bare', `regcred.dev/mode=${mode}`, '--overwrite'])
  const workload: Manifest = deployment('bare', 'web', { references: ['acme'] }, 0)
  outputOf(await label('warn'))
  outputOf(await apply(kubectl, workload))
  outputOf(await label('enforce'))
  outputOf(await kubectl(['scale', 'deployment', 'web', '--namespace=bare', '--replicas=1']))
  const name = await poll('there is a Pod', async () => {
    const names = await kubectl(['get', 'pods', '--namespace=bare', '--output=jsonpath={.items[*].metadata.name}'])
    return outputOf(names) || undefined
  })
  t.match(name, /^web-/)
  const events = await controlPlane.auditEvents({ verb: 'create', resource: 'pods', namespace: 'bare' })
  t.match(events.map(ours).at(-1), {
    'validate.regcred.dev/findings': 'SecretNotFound blocks secret=acme; ImageNotCovered blocks container=c0',
    'validate.regcred.dev/mode': 'enforce',
  })
})
