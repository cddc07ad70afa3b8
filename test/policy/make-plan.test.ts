import t from 'tap'
import { ABSENT, UNKNOWN } from '../../src/policy/known.ts'
import { makePlan } from '../../src/policy/make-plan.ts'
import type { Plan } from '../../src/policy/plan.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { configured, expiredSecret, HOST, IMAGE, type PodTweak, podCase, pullSecret } from './pod-case.ts'

const inject = (tweak: Partial<Settings['inject']>) => ({ inject: { ...defaultSettings.inject, ...tweak } })
const NO_MATCH = inject({ match: false })
const SKIP_MISSING = inject({ match: false, whenMissing: 'skip' })

/** What is added, as `name source`, and what is not, as `name source reason`. */
function describe({ add, skipped }: Plan) {
  return {
    add: add.map(({ secret, source }) => `${secret} ${source}`),
    skipped: skipped.map(({ secret, source, reason }) => (secret === null ? reason : `${secret} ${source} ${reason}`)),
  }
}

interface Case extends PodTweak {
  readonly name: string
  readonly add?: readonly string[]
  readonly skipped?: readonly string[]
}

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `s${from + i}`)
const many = Object.fromEntries(names(0, 20).map(name => [name, pullSecret(name, `${name}.example.com`)]))
const imagesOfMany = names(0, 20).map(name => `${name}.example.com/web`)

const stopped: readonly Case[] = [
  { name: 'a Pod that exists already', traits: { change: 'update' } },
  { name: 'a mirror Pod', traits: { mirror: true }, skipped: ['mirrorPod'] },
  { name: 'a Pod that opted out', traits: { optedOut: true }, skipped: ['optedOut'] },
  {
    name: 'a namespace that is disabled',
    facts: { namespaceState: { state: 'value', value: { name: 'team-a', inject: 'disabled' } } },
    skipped: ['namespaceDisabled'],
  },
  { name: 'injection that is off', settings: inject({ enabled: false }), skipped: ['disabled'] },
  { name: 'a mode that is off', settings: { mode: 'off' }, skipped: ['modeOff'] },
  { name: 'a mode that only records', settings: { mode: 'audit' } },
  { name: 'a namespace that is unknown', facts: { namespaceState: UNKNOWN }, skipped: ['unknown'] },
  { name: 'a ServiceAccount that is unknown', facts: { serviceAccount: UNKNOWN }, skipped: ['unknown'] },
]

for (const { name, add = [], skipped = [], ...tweak } of stopped) {
  t.test(`${name} gets nothing`, async t => {
    const secrets = { acme: pullSecret('acme', HOST) }
    t.strictSame(describe(makePlan(podCase({ secrets, ...tweak }))), { add, skipped })
  })
}

const cases: readonly Case[] = [
  { name: 'a Pod whose references cover it', references: ['acme'], secrets: { acme: pullSecret('acme', HOST) } },
  {
    name: 'an absent namespace and an absent ServiceAccount stop nothing',
    secrets: { acme: pullSecret('acme', HOST) },
    facts: { namespaceState: ABSENT, serviceAccount: ABSENT },
    add: ['acme match'],
  },
  {
    name: 'names that are written down go before match',
    written: configured('acme'),
    secrets: { acme: pullSecret('acme', HOST), better: pullSecret('better', `${HOST}/acme`) },
    add: ['acme configuration'],
  },
  {
    name: 'match fills what they leave',
    images: [IMAGE, 'other.example.com/web'],
    written: configured('acme'),
    secrets: { acme: pullSecret('acme', HOST), other: pullSecret('other', 'other.example.com') },
    add: ['acme configuration', 'other match'],
  },
  {
    name: 'match may be off',
    settings: NO_MATCH,
    secrets: { acme: pullSecret('acme', HOST) },
  },
  {
    name: 'two images that one pull secret covers get it once',
    images: [IMAGE, `${HOST}/acme/db`],
    secrets: { acme: pullSecret('acme', HOST) },
    add: ['acme match'],
  },
  {
    name: 'what match comes upon twice and leaves is told once',
    images: [IMAGE, `${HOST}/acme/db`],
    secrets: { old: expiredSecret('old') },
    skipped: ['old match notUsable'],
  },
  {
    name: 'a name that is listed already, and one that covers nothing',
    references: ['own'],
    written: configured('own', 'hub', 'acme'),
    secrets: {
      own: pullSecret('own', 'own.example.com'),
      hub: pullSecret('hub', 'hub.example.com'),
      acme: pullSecret('acme', HOST),
    },
    add: ['acme configuration'],
    skipped: ['own configuration alreadyListed', 'hub configuration nothingToCover'],
  },
  {
    name: 'every source keeps its name',
    written: [
      { secret: 'a', source: 'rule' },
      { secret: 'b', source: 'namespace' },
      { secret: 'c', source: 'pod' },
    ],
    secrets: { c: pullSecret('c', HOST) },
    settings: SKIP_MISSING,
    add: ['c pod'],
    skipped: ['a rule nothingToCover', 'b namespace nothingToCover'],
  },
  {
    name: 'a missing name is referenced, as it may yet come',
    written: configured('late'),
    add: ['late configuration'],
  },
  {
    name: 'so is one of which nothing is known',
    written: configured('late'),
    secrets: { late: UNKNOWN },
    add: ['late configuration'],
  },
  {
    name: 'unless missing ones are to be skipped',
    written: configured('late'),
    settings: SKIP_MISSING,
    skipped: ['late configuration notThere'],
  },
  {
    name: 'or unknown ones',
    written: configured('late'),
    secrets: { late: UNKNOWN },
    settings: SKIP_MISSING,
    skipped: ['late configuration unknown'],
  },
  {
    name: 'one that is there and cannot be looked into is referenced all the same',
    written: configured('dark'),
    secrets: { dark: { kind: 'unread', name: 'dark' } },
    settings: { ...SKIP_MISSING, view: { secrets: 'names' } },
    add: ['dark configuration'],
  },
  {
    name: 'a missing name does not help where all is covered',
    references: ['acme'],
    written: configured('late'),
    secrets: { acme: pullSecret('acme', HOST) },
    skipped: ['late configuration nothingToCover'],
  },
  {
    name: 'nor a public image',
    images: ['nginx'],
    written: configured('late'),
    skipped: ['late configuration nothingToCover'],
  },
  {
    name: 'nor one that the nodes pull by themselves',
    registryClass: 'node',
    written: configured('late'),
    skipped: ['late configuration nothingToCover'],
  },
  {
    name: 'a missing name comes after what match finds',
    images: [IMAGE, 'other.example.com/web'],
    written: configured('late'),
    secrets: { acme: pullSecret('acme', HOST) },
    add: ['acme match', 'late configuration'],
  },
  {
    name: 'a name that the kubelet cannot use is not added',
    written: configured('opaque', 'bad', 'old'),
    secrets: {
      opaque: { kind: 'wrongType', name: 'opaque', type: 'Opaque' },
      bad: { kind: 'malformed', name: 'bad', reason: 'it is not JSON' },
      old: expiredSecret('old'),
    },
    settings: NO_MATCH,
    skipped: ['opaque configuration notUsable', 'bad configuration notUsable', 'old configuration notUsable'],
  },
  {
    name: 'a ServiceAccount that enforces mountable secrets allows what it lists',
    account: { enforcesMountable: true, references: ['b'] },
    written: configured('a', 'b'),
    secrets: { a: pullSecret('a', HOST), b: pullSecret('b', HOST) },
    add: ['b configuration'],
    skipped: ['a configuration mountableSecretsEnforced'],
  },
  {
    name: 'images that are never pulled need nothing, nor do those whose name does not parse',
    images: [{ pulled: false }, 'UPPER'],
    written: configured('acme'),
    secrets: { acme: pullSecret('acme', HOST) },
    skipped: ['acme configuration nothingToCover'],
  },
  {
    name: 'sixteen names are brought, and no more',
    images: imagesOfMany,
    written: configured(...names(0, 20)),
    secrets: many,
    settings: NO_MATCH,
    add: names(0, 16).map(name => `${name} configuration`),
    skipped: names(16, 20).map(name => `${name} configuration tooMany`),
  },
  {
    name: 'those that were brought before count',
    images: imagesOfMany,
    references: names(0, 14),
    origins: { s0: 'configuration' },
    written: configured(...names(1, 18)),
    secrets: many,
    settings: NO_MATCH,
    add: ['s14 configuration', 's15 configuration'],
    skipped: [
      ...names(1, 14).map(name => `${name} configuration alreadyListed`),
      ...names(16, 18).map(name => `${name} configuration tooMany`),
    ],
  },
]

for (const { name, add = [], skipped = [], ...tweak } of cases) {
  t.test(`plan: ${name}`, async t => {
    t.strictSame(describe(makePlan(podCase({ traits: { form: 'mutating' }, ...tweak }))), { add, skipped })
  })
}

t.test('planned for again, a Pod that has its plan gets nothing more', async t => {
  const tweak = {
    written: configured('a', 'late'),
    secrets: { a: pullSecret('a', HOST), b: pullSecret('b', 'b.io') },
    images: [IMAGE, 'b.io/web', 'c.io/web'],
  }
  const { add } = makePlan(podCase(tweak))
  t.strictSame(
    add.map(({ secret }) => secret),
    ['a', 'b', 'late'],
  )
  t.strictSame(makePlan(podCase({ ...tweak, references: add.map(({ secret }) => secret) })).add, [])
})

t.test('with fewer steps less is added, and nothing else', async t => {
  const secrets = { a: pullSecret('a', HOST), later: UNKNOWN }
  const tweak = { secrets, written: configured('a', 'later', 'missing'), images: [IMAGE, 'node.example.com/web'] }
  const all = describe(makePlan(podCase(tweak))).add
  const plans = Array.from({ length: 1000 }, (_, steps) => {
    const pod = podCase(tweak)
    return describe(makePlan({ ...pod, budget: new Budget(steps, 0) })).add
  })
  t.strictSame(plans[0], [])
  t.strictSame(plans.at(-1), all)
  t.ok(plans.every(add => add.every(each => all.includes(each))))
})

t.test('once there is no room left, no further image is looked at', async t => {
  const { add, skipped } = describe(makePlan(podCase({ secrets: many, images: imagesOfMany })))
  t.equal(add.length, 16)
  t.equal(skipped.length, 1)
})

t.test('whether an image is left that needs credentials is not asked without steps', async t => {
  const images = Array.from({ length: 100 }, (_, i) => `public.example.com/web:${i}`)
  const pod = podCase({ written: configured('missing'), images, registryClass: 'public' })
  const plans = Array.from({ length: 300 }, (_, steps) => makePlan({ ...pod, budget: new Budget(steps, 0) }).add.length)
  t.strictSame(new Set(plans), new Set([0]))
})
