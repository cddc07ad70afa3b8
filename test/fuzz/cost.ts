import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc, { type Arbitrary } from 'fast-check'
import { assessPod, secretFacts } from '../../src/engine/assess-subject.ts'
import type { Context } from '../../src/engine/context.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { decode } from '../../src/review/decode.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { manifestView } from './cluster.ts'
import { dockerConfigReview, ENVELOPE, mutatedReview, REQUEST } from './inputs.ts'
import type { Property } from './property.ts'

/** Steps that a review may take however large it is, with what explains; see src/runtime/budget.ts. */
const MAX_STEPS = 800_000
/** Steps that a review may take for each of its bytes, and for being one, in the cluster that stands here. */
const STEPS_PER_BYTE = 120
const STEPS_PER_REVIEW = 10_000
/** Nanoseconds of CPU: what a step may take, five times what it takes in an ordinary review; a byte, to be parsed; a review. */
const NANOSECONDS_PER_STEP = 250
const NANOSECONDS_PER_BYTE = 500
const NANOSECONDS_PER_REVIEW = 5_000_000
/** What an ordinary Secret of so many hosts takes where nothing slows it down. */
const ORDINARY_HOSTS = 1000
const ORDINARY_NANOSECONDS = 10_000_000

/** `#` is a number, another each time. */
const PARTS = [
  'registry.example.com/web-#',
  'r#.example.com/web',
  'acme/web-#',
  'acme-#',
  'acme',
  '[a-z#',
  '*.*#*.example.com',
  'https://index.docker.io/v1/#',
  'registry.example.com:443/a#',
  'registry.example.com/%61%61%61#',
  'credentials-of-the-registry-#',
]

const view = await manifestView()
const rulebook = prepareRulebook({
  ...defaultSettings,
  registries: { ...defaultSettings.registries, private: ['*.example.com'] },
})
const context: Context = { view, live: view, rulebook, now: () => Date.parse('2026-06-01T00:00:00Z') }

/** As measured before the first input. */
let slowness: number | undefined

/** What all inputs so far came to. */
export const spent = { reviews: 0, bytes: 0, steps: 0, nanoseconds: 0, mostSteps: 0 }

/** A review costs no more than a constant and so much for each of its bytes, and no work is done that nobody counts. */
export const COST: Property = {
  name: 'cost',
  inputs: fc.oneof({ weight: 4, arbitrary: crowdedReview() }, mutatedReview(), dockerConfigReview()),
  check: async input => {
    // The other properties share this event loop, and would be answered that it is overloaded.
    await nextTurn()
    let { steps, nanoseconds } = await measure(input)
    assert.ok(steps <= MAX_STEPS, `${steps} steps`)
    assert.ok(steps <= STEPS_PER_REVIEW + STEPS_PER_BYTE * input.length, `${steps} steps for ${input.length} bytes`)
    const usual = NANOSECONDS_PER_REVIEW + NANOSECONDS_PER_BYTE * input.length + NANOSECONDS_PER_STEP * steps
    slowness ??= await measureSlowness()
    const allowed = usual * slowness
    // What was compiled or collected meanwhile is not the review's: it is measured again before it is called dear.
    for (let again = 0; again < 5 && nanoseconds > allowed; again += 1) ({ nanoseconds } = await measure(input))
    assert.ok(nanoseconds <= allowed, `${nanoseconds / 1e6} ms for ${steps} steps and ${input.length} bytes`)
    spent.reviews += 1
    spent.bytes += input.length
    spent.steps += steps
    spent.nanoseconds += nanoseconds
    spent.mostSteps = Math.max(spent.mostSteps, steps)
  },
}

/** How many times longer than usual everything takes: four times where it is counted which lines have run. */
async function measureSlowness(): Promise<number> {
  const ordinary = secretReview(Array.from({ length: ORDINARY_HOSTS }, (_, i) => `r${i}.example.com`))
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round += 1) least = Math.min(least, (await measure(ordinary)).nanoseconds)
  return Math.max(1, least / ORDINARY_NANOSECONDS)
}

/** Assesses what a review holds, for both webhooks. */
async function measure(input: Buffer): Promise<{ readonly steps: number; readonly nanoseconds: number }> {
  // Of this thread alone: others collect, compile and decode meanwhile.
  const before = process.threadCpuUsage()
  let steps = 0
  for (const stage of ['mutate', 'validate'] as const) steps = Math.max(steps, await stepsOf(input, stage))
  const { user, system } = process.threadCpuUsage(before)
  return { steps, nanoseconds: (user + system) * 1000 }
}

async function stepsOf(input: Buffer, stage: 'mutate' | 'validate'): Promise<number> {
  const decoded = decode(input.toString(), stage, [])
  if (!decoded.ok) return 0
  const { subject, namespace } = decoded.review
  const timeLeft = () => 10_000
  if (subject.about === 'secret') {
    const facts = await secretFacts(subject, namespace, context, timeLeft)
    evaluate(facts)
    return facts.budget.steps
  }
  if (subject.about !== 'pod' && subject.about !== 'template') return 0
  const budget = new Budget()
  await assessPod(subject, namespace, context, timeLeft, budget)
  return budget.steps
}

/** Reviews with one thing in them many times, each a little different: what is quadratic shows. */
function crowdedReview(): Arbitrary<Buffer> {
  const count = fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 3000 }))
  const text = fc.oneof(
    fc.constantFrom(...PARTS),
    fc.string({ maxLength: 40 }),
    fc.string({ maxLength: 40, unit: 'binary' }),
  )
  const parts = fc.record({
    images: count,
    references: count,
    names: count,
    entries: count,
    image: text,
    name: text,
    key: text,
  })
  return parts.map(({ images, references, names, entries, image, name, key }) => {
    const all = (length: number, part: string) => Array.from({ length }, (_, i) => part.replace('#', `${i}`))
    if (entries > images) return secretReview(all(entries, key).map((host, i) => `${host}${i}`))
    const annotations = { 'regcred.dev/pull-secrets': all(names, name).join() }
    const spec = {
      containers: all(images, image).map((image, i) => ({ name: `c${i}`, image })),
      imagePullSecrets: all(references, name).map(name => ({ name })),
    }
    return reviewOf('Pod', { metadata: { name: 'web', namespace: 'team-a', annotations }, spec })
  })
}

function secretReview(hosts: readonly string[]): Buffer {
  const auths = Object.fromEntries(hosts.map(host => [host, { auth: 'dTpw' }]))
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') }
  const metadata = { name: 'acme', namespace: 'team-a' }
  return reviewOf('Secret', { metadata, type: 'kubernetes.io/dockerconfigjson', data })
}

function reviewOf(kind: string, object: object): Buffer {
  return Buffer.from(JSON.stringify({ ...ENVELOPE, request: { ...REQUEST, kind: { ...REQUEST.kind, kind }, object } }))
}
