import t from 'tap'
import { openAgent } from '../../control-plane/agent.ts'
import { withControlPlane } from '../../fixture.ts'
import { registerNobody, type Tried, tryObject } from './called.ts'
import { expressionOf, renderConditions, SKIP } from './conditions.ts'
import { createJudge } from './engine.ts'
import { type GeneratedPod, generatePods, generateSettings, type ImageSettings } from './generated.ts'

/**
 * The match conditions of `webhooks.skipUnaffected` on a real kube-apiserver, against regcred itself: of a Pod for which it is not called
 * it has nothing to say, whatever is in the namespace.
 */
const seed = Number(process.env['REGCRED_SEED'] ?? 1)
/** Pods for each configuration. */
const PODS = 1000
/** Configurations that chance makes. */
const GENERATED = 6
const WEBHOOK = 'mutate.regcred.dev'
const PODS_PATH = '/api/v1/namespaces/default/pods'

const controlPlane = await withControlPlane(t)
const { server, kubectl, kubeconfig } = controlPlane
const dispatcher = await openAgent(kubeconfig)
t.teardown(() => dispatcher.close())

/** By hand, and with the least of the thousand Pods that have to be skipped for it. */
const SETTINGS: Readonly<Record<string, readonly [ImageSettings, number]>> = {
  'the defaults': [{}, 50],
  'private registries, some below public ones': [
    {
      registries: {
        private: ['registry.example.com', 'docker.io/library/nginx', 'public.ecr.aws/acme', '*.io/acme'],
        public: ['docker.io', 'registry.k8s.io', 'public.ecr.aws', 'registry.example.com/acme', 'ghcr.io', '*.gcr.io'],
      },
    },
    50,
  ],
  'nodes that log in, by port, by glob and by annotation': [
    {
      registries: {
        node: [
          ...['*.dkr.ecr.*.amazonaws.com', 'registry.example.com:5000', 'registry.example.com:443', 'ghcr.io/acme'],
          { pattern: 'gcr.io', serviceAccountAnnotations: ['example.com/role'] },
          { pattern: '*.gcr.io', serviceAccountAnnotations: ['example.com/role'] },
        ],
      },
    },
    50,
  ],
  'a rule for an image that is public': [
    { inject: { rules: [{ images: ['docker.io/library/nginx', 'registry.*.io'], secrets: ['acme'] }] } },
    20,
  ],
  'without match': [
    { registries: { private: ['registry.example.com', 'ghcr.io/acme'] }, inject: { match: false } },
    150,
  ],
  'names alone, and everything else private': [{ registries: { default: 'private' }, view: { secrets: 'names' } }, 50],
  ...Object.fromEntries(
    generateSettings(seed, GENERATED).map((settings, i) => [
      `configuration ${i} of seed ${seed}`,
      [settings, 0] as const,
    ]),
  ),
}

async function register(settings: ImageSettings): Promise<void> {
  const conditions = await renderConditions('webhooks.skipUnaffected=true', `config=${JSON.stringify(settings)}`)
  await registerNobody(kubectl, WEBHOOK, conditions.get(WEBHOOK) ?? [])
}

const tryPod = (pod: object) => tryObject({ server, dispatcher, webhook: WEBHOOK }, PODS_PATH, pod)
const isCalled = async (pod: object) => (await tryPod(pod)).called

/** What becomes of each Pod, eight at a time. */
async function tryAll(pods: readonly GeneratedPod[]): Promise<Tried[]> {
  const tried: Tried[] = []
  const left = [...pods.entries()]
  const askOn = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [i, pod] = next
      tried[i] = await tryPod(pod)
    }
  }
  await Promise.all(Array.from({ length: 8 }, askOn))
  return tried
}

for (const [at, [name, [settings, least]]] of Object.entries(SETTINGS).entries()) {
  t.test(`regcred has nothing to say of any Pod that is not sent to it: ${name}`, async t => {
    await register(settings)
    const judge = await createJudge(settings)
    const pods = generatePods(seed * 1000 + at, PODS)
    const tried = await tryAll(pods)
    // An API server leaves out what it does not know, such as images of volumes before 1.31.
    const skipped = pods.flatMap((pod, i) => (tried[i]?.called === false ? [tried[i].stored ?? pod] : []))
    const wronged: object[] = []
    for (const pod of skipped) {
      const said = await judge(pod)
      if (said.length > 0) wronged.push({ pod, said })
    }
    t.strictSame(wronged.slice(0, 3), [], `REGCRED_SEED=${seed} repeats it with ${JSON.stringify(settings)}`)
    t.ok(skipped.length >= least, `${skipped.length} of ${PODS} are skipped`)
    t.comment(`seed ${seed}: ${skipped.length} of ${PODS} are skipped`)
  })
}

const image = (length: number) => `registry.k8s.io/${'a'.repeat(length - 'registry.k8s.io/'.length)}`
const podOf = (spec: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
})
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
const containers = (count: number, image: string) => many(count, i => ({ name: `c${i}`, image }))
const KB_64 = 65_536

/** What costs a condition much, and would not be asked about if it cost too much. */
const LARGE: Readonly<Record<string, object>> = {
  '10,000 images': podOf({ containers: containers(10_000, 'nginx') }),
  '10,000 images of init containers': podOf({ initContainers: containers(10_000, 'nginx') }),
  'an image of 64 kB': podOf({ containers: containers(1, image(KB_64)) }),
  '20 images of 64 kB': podOf({ containers: containers(20, image(KB_64)) }),
  '20 containers with names of 64 kB, and one image of a registry that is not public': podOf({
    containers: [
      ...many(19, i => ({ name: `${'c'.repeat(KB_64)}${i}`, image: 'nginx' })),
      { name: 'c', image: 'registry.example.com/web' },
    ],
  }),
  '10,000 pull secrets with names of 250 characters': podOf({
    imagePullSecrets: many(10_000, i => ({ name: `${'s'.repeat(250)}${i}` })),
  }),
  '10,000 volumes': podOf({ volumes: many(10_000, i => ({ name: `v${i}`, emptyDir: {} })) }),
  '10,000 annotations, and a pull secret asked for in one': podOf(
    {},
    {
      annotations: {
        ...Object.fromEntries(many(10_000, i => [`example.com/a${i}`, 'x'])),
        'regcred.dev/pull-secrets': 'acme',
      },
    },
  ),
  'no list of containers': podOf({ containers: null }),
  'no container': podOf({ containers: [] }),
}

t.test('what is large is asked about, and no condition ends at its limit', async t => {
  await register({})
  for (const [name, pod] of Object.entries(LARGE)) {
    t.equal(await isCalled(pod), true, name)
  }
})

t.test(
  'the longest condition that the chart renders stays below the API server’s limit, for the dearest Pod',
  async t => {
    const patterns = (count: number) => many(count, i => `registry-${String(i).padStart(3, '0')}.example.com/acme`)
    const lengthFor = async (count: number) => {
      const config = JSON.stringify({ registries: { public: patterns(count) } })
      const conditions = await renderConditions('webhooks.skipUnaffected=true', `config=${config}`)
      return expressionOf(conditions, WEBHOOK, SKIP)?.length ?? 0
    }
    const each = (await lengthFor(2)) - (await lengthFor(1))
    const count = Math.floor((5990 - (await lengthFor(0))) / each)
    t.ok((await lengthFor(count)) > 5900)
    await register({ registries: { public: patterns(count) } })
    const last = patterns(count).at(-1)
    const long = `${last}/${'a'.repeat(255 - `${last}/`.length)}`
    t.equal(await isCalled(podOf({ containers: containers(20, long) })), false)
    const foreign = [...containers(19, long), { name: 'c', image: 'registry-none.example.com/acme/web' }]
    t.equal(await isCalled(podOf({ containers: foreign })), true)
  },
)
