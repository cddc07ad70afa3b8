import t from 'tap'
import { poll } from '../../processes/poll.ts'
import { recreated } from '../control-plane/advised.ts'
import { outputOf } from '../control-plane/kubectl.ts'
import { apply, dockerConfig, namespace, opaqueSecret, type PodTweak, workload } from '../control-plane/objects.ts'
import { withCluster } from '../fixture.ts'
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

/** Each of these refuses a template where a namespace enforces, and says so in these words, with HERE for the namespace. */
const wrongAnywhere: { name: string; tweak: PodTweak; cause: string }[] = [
  {
    name: 'bare',
    tweak: {},
    cause: `no pull secret is listed, and "${IMAGE}" needs one; add one to spec.template.spec.imagePullSecrets`,
  },
  {
    name: 'opaque',
    tweak: { references: ['opaque'] },
    cause: `Secret "opaque" has type Opaque, so Kubernetes does not use it; ${recreated('opaque', 'HERE')}`,
  },
  {
    name: 'broken',
    tweak: { references: ['broken'] },
    cause:
      'Secret "broken" is broken (auth is not user:password), so Kubernetes pulls nothing for its Pods; ' +
      recreated('broken', 'HERE'),
  },
  {
    name: 'invalid',
    tweak: { images: ['Not/AnImage'] },
    cause:
      'image "Not/AnImage" of container "c0" is not a valid image name (invalid reference format: repository name must be lowercase); write "Not/animage"',
  },
]

// Once as they are registered, and once without matchConditions: what these keep away regcred itself lets through.
const ways: { name: string; namespace: string; matchConditions?: false; called: string[] }[] = [
  { name: 'by matchConditions', namespace: 'narrow', called: [] },
  {
    name: 'in code',
    namespace: 'wide',
    matchConditions: false,
    called: ['Deployment', 'ReplicaSet', 'Pod'],
  },
]

for (const { name, namespace: here, called, ...registration } of ways) {
  t.test(`nothing is stuck where Deployments full of findings are enforced, ${name}`, async t => {
    await regcred.register({ ...recorder, ...registration })
    const wrong = wrongAnywhere.map(one => ({ ...one, cause: one.cause.replaceAll('HERE', here) }))
    const mode = (value: string) => kubectl(['label', 'namespace', here, `regcred.dev/mode=${value}`, '--overwrite'])
    const on = (verb: string, deployment: string, ...args: string[]) =>
      kubectl([verb, 'deployment', deployment, ...args, `--namespace=${here}`])
    const podsOf = (app: string) => async () =>
      outputOf(await kubectl(['get', 'pods', `--selector=app=${app}`, '--output=name', `--namespace=${here}`]))
        .split('\n')
        .filter(line => line !== '').length
    const hasPods = (app: string, count: number) =>
      poll(`${app} has ${count} Pods`, async () => ((await podsOf(app)()) === count ? true : undefined))

    const secrets = [
      opaqueSecret(here, 'opaque'),
      dockerConfig(here, 'broken', { auths: { [PRIVATE]: { auth: 'bm9jb2xvbg==' } } }),
    ]
    outputOf(await apply(kubectl, namespace(here), ...secrets))
    const made = await apply(
      kubectl,
      ...wrong.map(({ name, tweak }) => workload('Deployment', here, name, { images: [IMAGE], ...tweak })),
    )
    t.equal(made.stderr, wrong.map(({ name, cause }) => `Warning: Deployment ${name}: ${cause}\n`).join(''))
    await Promise.all(wrong.map(({ name }) => hasPods(name, 1)))
    outputOf(await mode('enforce'))
    const before = recorder.calls.length

    await Promise.all(
      wrong.map(async ({ name }) => {
        const silent = (says: string) => ({ code: 0, stdout: `deployment.apps/${name} ${says}\n`, stderr: '' })
        t.same(await on('scale', name, '--replicas=0'), silent('scaled'))
        await hasPods(name, 0)
        t.same(await on('scale', name, '--replicas=2'), silent('scaled'))
        await hasPods(name, 2)
        t.same(await on('label', name, 'a=b'), silent('labeled'))
      }),
    )
    const kinds = new Set(
      recorder.calls
        .slice(before)
        .filter(({ stage }) => stage === 'validate')
        .map(({ review }) => review.request.kind.kind),
    )
    kinds.delete('Pod')
    t.same([...kinds].sort(), called.filter(kind => kind !== 'Pod').sort())

    await Promise.all(
      wrong.map(async ({ name, cause }) => {
        const denied =
          `admission webhook "templates.regcred.dev" denied the request: Deployment ${name}: ${cause} ` +
          `(to let it through: kubectl label --overwrite namespace ${here} regcred.dev/mode=warn)\n`
        const patch = '{"spec":{"template":{"metadata":{"labels":{"v":"2"}}}}}'
        t.same(await on('patch', name, `--patch=${patch}`), {
          code: 1,
          stdout: '',
          stderr: `Error from server (Forbidden): ${denied}`,
        })
        const restarted = await kubectl(['rollout', 'restart', `deployment/${name}`, `--namespace=${here}`])
        t.same(restarted, { code: 1, stdout: '', stderr: `error: failed to patch: ${denied}` })
        t.equal(await podsOf(name)(), 2, 'the Pods of before go on')
      }),
    )

    const mended = await kubectl(['set', 'image', 'deployment/invalid', 'c0=nginx', `--namespace=${here}`])
    t.same(
      mended,
      { code: 0, stdout: 'deployment.apps/invalid image updated\n', stderr: '' },
      'a change that mends it passes',
    )

    await Promise.all(
      wrong.map(async ({ name }, i) => {
        const args = [
          'delete',
          'deployment',
          name,
          `--namespace=${here}`,
          '--timeout=30s',
          ...(i % 2 === 0 ? ['--cascade=foreground'] : []),
        ]
        t.same(await kubectl(args), {
          code: 0,
          stdout: `deployment.apps "${name}" deleted from ${here} namespace\n`,
          stderr: '',
        })
        await hasPods(name, 0)
      }),
    )
    const left = await kubectl(['get', 'replicasets', '--output=name', `--namespace=${here}`])
    t.same(left.stdout, '')
  })
}
