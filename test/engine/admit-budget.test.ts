import t from 'tap'
import type { LiveReads, View } from '../../src/cluster/view.ts'
import { assessPod, type PodAssessment } from '../../src/engine/assess-subject.ts'
import { CredentialIndex } from '../../src/kubelet/credential-index.ts'
import { ABSENT } from '../../src/policy/known.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { readPod } from '../../src/review/pod.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { makeShape, ORDINARY, type Shape, shapeFrom } from './shapes.ts'

const SHAPES = Number(process.env['REGCRED_SHAPES'] ?? 6)
/** Images, references, names and neighbours of a shape. */
const MOST = 2000
/** Steps that a review may take, with what explains; see src/runtime/budget.ts. */
const BOUND = 800_000
/** How much dearer than that of an ordinary review a step may be. */
const FACTOR = 5

/** A cluster that holds the Secrets of a shape in the namespace of its Pod. */
function clusterOf({ secrets }: Shape): View & LiveReads {
  const byName = new Map(secrets.map(secret => [secret.name, secret]))
  const index = new CredentialIndex()
  for (const secret of secrets) if (secret.kind === 'pullSecret') index.add(secret)
  const secret = (_: string, name: string) => {
    const value = byName.get(name)
    return value === undefined ? ABSENT : ({ state: 'value', value } as const)
  }
  const namespace = { state: 'value', value: { name: 'a', mode: 'enforce' } } as const
  const account = {
    state: 'value',
    value: { name: 'default', references: [], enforcesMountable: false, annotations: [] },
  } as const
  return {
    secret,
    secretNames: () => byName.keys(),
    credentials: (_, image, steps) => index.find(image, steps),
    serviceAccount: () => account,
    namespace: () => namespace,
    isSettled: () => true,
    readSecret: async (namespace, name) => secret(namespace, name),
    readSecrets: async namespace => ({
      state: 'value',
      value: { get: name => secret(namespace, name), pullSecrets: { state: 'value', value: secrets } },
    }),
    lookForMatch: async () => ({ state: 'value', value: secrets }),
    noteMisses: () => undefined,
    readServiceAccount: async () => account,
    readNamespace: async () => namespace,
  }
}

/** Assesses the Pod of a shape once; a cluster and a rulebook are made for it. */
function reviewer(shape: Shape): () => Promise<{ readonly budget: Budget; readonly assessed: PodAssessment }> {
  const cluster = clusterOf(shape)
  const fallback = shape.isPrivate ? ('private' as const) : ('unlisted' as const)
  const registries = { ...defaultSettings.registries, default: fallback }
  const rulebook = prepareRulebook({ ...defaultSettings, registries })
  const context = { view: cluster, live: cluster, rulebook, now: () => Date.parse('2026-06-01T00:00:00Z') }
  const form = shape.stage === 'mutate' ? 'mutating' : 'stored'
  const home = { isFile: false, list: 'spec.imagePullSecrets' }
  const subject = { ...readPod(shape.pod.metadata, shape.pod.spec, 'pod', form, 'create'), home }
  return async () => {
    const budget = new Budget()
    return { budget, assessed: await assessPod(subject, 'a', context, () => 10_000, budget) }
  }
}

/** What a review of a shape costs: its steps, and nanoseconds of CPU for each, the least of so many. */
async function measure(shape: Shape, times: number): Promise<{ steps: number; nanoseconds: number }> {
  const review = reviewer(shape)
  const { steps } = (await review()).budget
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < times; round += 1) {
    const { user, system } = process.cpuUsage()
    // Long enough for the clock, whose ticks are a microsecond.
    let reviews = 0
    let spent = 0
    while (spent < 2000) {
      await review()
      reviews += 1
      const now = process.cpuUsage()
      spent = now.user + now.system - user - system
    }
    least = Math.min(least, (spent * 1000) / reviews)
  }
  return { steps, nanoseconds: least / steps }
}

/** Secrets as large as they can be, for one registry: the Pod's image is of it, or of another. */
const FEW_LARGE_SECRETS = (['shared', 'own'] as const).map(image =>
  makeShape(
    'validate',
    { images: 1, references: 80, entries: 10_000, names: 0, neighbours: 0 },
    { key: 'shared', image, name: 'short' },
    { isExpired: false, isMissing: false, isPrivate: true },
  ),
)

t.test(`no review takes more than ${BOUND} steps, and no step is much dearer than an ordinary one`, async t => {
  // Warm: what is compared is work, and not compilation.
  for (let seed = 0; seed < 8; seed += 1) await measure(shapeFrom(seed, 300), 1)
  const ordinary = await measure(ORDINARY, 100)
  t.comment(`an ordinary review: ${Math.round(ordinary.steps)} steps of ${ordinary.nanoseconds.toFixed(0)} ns`)
  const seed = Number(process.env['REGCRED_SEED'] ?? 1)
  const tooMany: string[] = []
  const tooDear: string[] = []
  let dearest = 0
  const generated = Array.from({ length: SHAPES }, (_, i) => shapeFrom(seed * 1_000_003 + i, MOST))
  for (const shape of [...FEW_LARGE_SECRETS, ...generated]) {
    let { steps, nanoseconds } = await measure(shape, 3)
    // What is still being compiled, or shares its core, is measured again before it is called dear.
    if (nanoseconds > FACTOR * ordinary.nanoseconds) ({ steps, nanoseconds } = await measure(shape, 60))
    if (steps > BOUND) tooMany.push(`${shape.title}: ${steps} steps`)
    const ratio = nanoseconds / ordinary.nanoseconds
    dearest = Math.max(dearest, ratio)
    if (ratio > FACTOR) tooDear.push(`${ratio.toFixed(1)} × for ${shape.title}: ${Math.round(steps)} steps`)
  }
  t.comment(`seed ${seed}: the dearest step is ${dearest.toFixed(1)} times an ordinary one`)
  t.strictSame(tooMany, [])
  t.strictSame(tooDear, [])
})

t.test('an object of 100 images and 100 references among 10,000 pull secrets never spends its budget', async t => {
  const sizes = { images: 100, references: 100, names: 0, neighbours: 10_000 }
  const flags = { isExpired: false, isMissing: false, isPrivate: true }
  for (const stage of ['mutate', 'validate'] as const) {
    for (const key of ['shared', 'port'] as const) {
      const large = makeShape(
        stage,
        { ...sizes, entries: 250, neighbours: 0 },
        { key, image: 'own', name: 'near' },
        flags,
      )
      const { budget, assessed } = await reviewer(large)()
      t.equal(assessed.tooMuch, undefined, `${large.title}: ${Math.round(budget.steps)} steps`)
      const full = makeShape(stage, { ...sizes, entries: 1 }, { key, image: 'own', name: 'near' }, flags)
      t.equal((await reviewer(full)()).assessed.tooMuch, undefined, full.title)
    }
  }
})

t.test('what is too much by itself is told from what its namespace holds too much of', async t => {
  const kinds = { key: 'same', image: 'own', name: 'short' } as const
  const flags = { isExpired: true, isMissing: false, isPrivate: true }
  const sizes = { images: 2000, references: 2000, entries: 1, names: 0, neighbours: 0 }
  const { assessed } = await reviewer(makeShape('validate', sizes, { ...kinds, image: 'same' }, flags))()
  t.match(assessed, { tooMuch: { by: 'object', images: 2000, references: 2000, names: 0 }, unknown: ['tooMuch'] })
  t.strictSame(assessed.findings, [])
  const crowd = { images: 60, references: 0, entries: 250, names: 0, neighbours: 300 }
  const globs = makeShape('mutate', crowd, { ...kinds, key: 'globs' }, { ...flags, isExpired: false })
  t.match((await reviewer(globs)()).assessed, {
    tooMuch: { by: 'namespace' },
    plan: { add: [], skipped: [{ reason: 'tooMuch' }] },
  })
})

t.test('nobody gets past enforce by a Pod that spends the budget by itself, whatever its shape', async t => {
  for (const [images, names, references] of [
    [999, 10, 0],
    [620, 16, 0],
    [500, 16, 0],
    [999, 4, 5],
    [101, 100, 0],
    [150, 0, 100],
    [100, 100, 0],
    [100, 50, 50],
    [100, 0, 100],
  ] as const) {
    const sizes = { images, references, names, entries: 1, neighbours: 0 }
    const flags = { isExpired: false, isMissing: true, isPrivate: true }
    const shape = makeShape('validate', sizes, { key: 'same', image: 'own', name: 'short' }, flags)
    const { assessed } = await reviewer(shape)()
    const isRefused = assessed.tooMuch?.by === 'object' || assessed.findings.some(({ effect }) => effect === 'blocks')
    t.ok(isRefused, `${images} × ${names} names and ${references} references: ${JSON.stringify(assessed.tooMuch)}`)
  }
})
