import t from 'tap'
import { announceStop, decideOnObject, decideOnPlan, type Judged, type PlannedPod } from '../../src/decision/decide.ts'
import { ADVICE, finding, uncovered } from './finding.ts'

const NEAR = { of: 'secret', text: 'add' } as const
const JUDGED: Judged = {
  findings: [finding({ effect: 'blocks' }), finding({ effect: 'degrades', secret: 'odd', suggestion: NEAR })],
  records: [
    { code: 'SecretNotFound', effect: 'blocks', secret: 'gone' },
    { code: 'SecretNotFound', effect: 'degrades', from: 'serviceAccount' },
  ],
  wouldBlock: [],
  mode: 'warn',
  isModeKnown: true,
  title: 'Pod web',
  namespace: 'team-a',
  help: '',
  silent: false,
  refusable: true,
  retries: false,
  skipped: [],
  unknown: [],
  isOpen: false,
}
const GONE = 'Pod web: Secret "gone" is not there; do it'
const ODD = 'Pod web: Secret "odd" is not there; do it'
const FINDINGS = 'SecretNotFound blocks secret=gone; SecretNotFound degrades from=serviceAccount'
const WAY_OUT = '(to let it through: kubectl label --overwrite namespace team-a regcred.dev/mode=warn)'

interface Case extends Partial<Judged> {
  readonly name: string
  readonly wanted: object
}

const cases: readonly Case[] = [
  { name: 'off', mode: 'off', wanted: { allowed: true, warnings: [], annotations: {} } },
  {
    name: 'audit',
    mode: 'audit',
    wanted: { allowed: true, warnings: [], annotations: { findings: FINDINGS, mode: 'audit' } },
  },
  {
    name: 'warn',
    wanted: { allowed: true, warnings: [GONE, ODD], annotations: { findings: FINDINGS, mode: 'warn' } },
  },
  {
    name: 'warn, and nobody reads it',
    silent: true,
    wanted: { allowed: true, warnings: [], annotations: { findings: FINDINGS, mode: 'warn' } },
  },
  {
    name: 'enforce',
    mode: 'enforce',
    wanted: {
      allowed: false,
      warnings: [ODD],
      annotations: { findings: FINDINGS, mode: 'enforce' },
      refusal: `${GONE} ${WAY_OUT}`,
    },
  },
  {
    name: 'enforce, and several causes',
    mode: 'enforce',
    findings: [uncovered('a'), finding({ code: 'CredentialsExpired', secret: 'old', problem: 'old' })],
    wanted: { allowed: false, warnings: [], refusal: /^Pod web: .*; Pod web: old; do it \(to let it through: / },
  },
  {
    name: 'enforce, and nobody could act on a refusal',
    mode: 'enforce',
    refusable: false,
    wanted: { allowed: true, warnings: [GONE, ODD], annotations: { findings: FINDINGS, mode: 'enforce' } },
  },
  {
    name: 'enforce, and nothing blocks',
    mode: 'enforce',
    findings: [finding({ effect: 'mayBlock' })],
    wanted: { allowed: true, warnings: [GONE] },
  },
  {
    name: 'nothing found',
    mode: 'enforce',
    findings: [],
    records: [],
    unknown: ['namespace'],
    skipped: [{ held: 'a', source: 'match', reason: 'notUsable' }],
    wanted: { allowed: true, warnings: [], annotations: { unknown: 'namespace', skipped: 'a=notUsable' } },
  },
  {
    name: 'enforce, and nobody knows whether something blocks',
    mode: 'enforce',
    findings: [],
    unknown: ['secret/acme'],
    isOpen: true,
    wanted: {
      allowed: true,
      warnings: [],
      annotations: { unknown: 'secret/acme', unconfirmed: 'unread' },
      unconfirmed: 'unread',
    },
  },
  {
    name: 'the same, and who asked is to try again',
    mode: 'enforce',
    findings: [finding({ effect: 'mayBlock' })],
    unknown: ['secret/acme'],
    isOpen: true,
    retries: true,
    wanted: {
      allowed: false,
      warnings: [],
      annotations: { findings: FINDINGS, mode: 'enforce', unknown: 'secret/acme' },
      refusal: /^Pod web: regcred could not read Secret "acme" in time/,
      retryAfterSeconds: 1,
      unconfirmed: undefined,
    },
  },
  {
    name: 'enforce, and something blocks whatever else is unknown',
    mode: 'enforce',
    unknown: ['secret/acme'],
    isOpen: true,
    retries: true,
    wanted: { allowed: false, refusal: `${GONE} ${WAY_OUT}`, retryAfterSeconds: undefined, unconfirmed: undefined },
  },
  {
    name: 'warn, and nobody knows whether something blocks',
    findings: [],
    unknown: ['secret/acme'],
    isOpen: true,
    retries: true,
    wanted: { allowed: true, annotations: { unknown: 'secret/acme', unconfirmed: undefined }, unconfirmed: undefined },
  },
  {
    name: 'enforce, nobody knows, and nobody could act on a refusal',
    mode: 'enforce',
    refusable: false,
    findings: [],
    unknown: ['secret/acme'],
    isOpen: true,
    wanted: { allowed: true, unconfirmed: undefined },
  },
  {
    name: 'an unknown mode, and something blocks',
    mode: 'audit',
    isModeKnown: false,
    unknown: ['namespace'],
    wanted: {
      allowed: true,
      warnings: [],
      annotations: { findings: FINDINGS, mode: 'audit', unknown: 'namespace', unconfirmed: 'namespace' },
      unconfirmed: 'namespace',
    },
  },
  {
    name: 'the same, and who asked is to try again',
    mode: 'audit',
    isModeKnown: false,
    unknown: ['namespace'],
    retries: true,
    wanted: {
      allowed: false,
      refusal: 'Pod web: regcred could not read Namespace "team-a" in time, so it could not check this; try again',
      retryAfterSeconds: 1,
    },
  },
  {
    name: 'an unknown mode, and nothing could block',
    mode: 'audit',
    isModeKnown: false,
    findings: [finding({ effect: 'mayBlock' })],
    unknown: ['namespace'],
    retries: true,
    wanted: { allowed: true, unconfirmed: undefined },
  },
  {
    name: 'an unknown mode, and it is too large',
    mode: 'audit',
    isModeKnown: false,
    findings: [],
    unknown: ['namespace'],
    tooMuch: { by: 'object', images: 9000, references: 1, names: 0 },
    wanted: { allowed: true, unconfirmed: 'namespace' },
  },
  {
    name: 'enforce, and its namespace holds too much: trying again does not help',
    mode: 'enforce',
    findings: [],
    unknown: ['tooMuch'],
    tooMuch: { by: 'namespace', images: 1, references: 1, names: 0 },
    retries: true,
    wanted: { allowed: true, unconfirmed: 'tooMuch' },
  },
  {
    name: 'enforce, and it is too large itself, whatever else is unknown',
    mode: 'enforce',
    findings: [],
    unknown: ['tooMuch'],
    isOpen: true,
    tooMuch: { by: 'object', images: 1, references: 101, names: 0 },
    retries: true,
    wanted: { allowed: false, refusal: /^Pod web: too large/, retryAfterSeconds: undefined },
  },
]

for (const { name, wanted, ...tweak } of cases) {
  t.test(`an object that is to be stored, by mode: ${name}`, async t => {
    t.match(decideOnObject({ ...JUDGED, ...tweak }), wanted)
  })
}

const PLANNED: PlannedPod = {
  add: [{ secret: 'acme', source: 'match' }],
  wouldInject: [],
  skipped: [],
  mode: 'enforce',
  names: [],
  notes: [{ problem: 'a note', advice: ADVICE }],
  title: 'Pod web',
  silent: false,
  unknown: [],
}

t.test('a Pod on its way is given its plan in every mode, and never refused', async t => {
  const patch = [{ op: 'add', path: '/spec/imagePullSecrets/0', value: { name: 'acme' } }]
  const annotations = { injected: 'acme' }
  t.strictSame(decideOnPlan(PLANNED), { allowed: true, patch, warnings: ['Pod web: a note; do it'], annotations })
  for (const tweak of [{ mode: 'off' }, { mode: 'audit' }, { silent: true }] as const) {
    t.strictSame(decideOnPlan({ ...PLANNED, ...tweak }), { allowed: true, patch, warnings: [], annotations })
  }
})

const BLOCKING = [{ code: 'SecretNotFound', effect: 'blocks', secret: 'gone' }] as const

t.test('in mode audit it is recorded what mode enforce would refuse', async t => {
  const audit = { ...JUDGED, mode: 'audit', wouldBlock: BLOCKING } as const
  t.match(decideOnObject(audit), {
    allowed: true,
    warnings: [],
    wouldRefuse: true,
    annotations: { findings: FINDINGS, wouldRefuse: 'SecretNotFound blocks secret=gone' },
  })
  const large = { by: 'object', images: 8000, references: 1, names: 0 } as const
  const { annotations } = decideOnObject({ ...audit, findings: [], records: [], unknown: ['tooMuch'], tooMuch: large })
  t.match(annotations, { wouldRefuse: 'tooMuch' }, 'what is too large as well')
  for (const tweak of [{ refusable: false }, { isModeKnown: false }, { mode: 'warn' }] as const) {
    const decision = decideOnObject({ ...audit, ...tweak })
    t.notMatch(decision.annotations, { wouldRefuse: String }, `${JSON.stringify(tweak)}: nothing would be`)
    t.equal(decision.wouldRefuse, undefined)
  }
})

t.test('what would be injected is recorded, by its source where the object does not hold the name', async t => {
  const wouldInject = [{ secret: 'acme', source: 'pod' }, { source: 'match' }, { source: 'match' }] as const
  t.strictSame(decideOnPlan({ ...PLANNED, add: [], notes: [], wouldInject }), {
    allowed: true,
    warnings: [],
    annotations: { wouldInject: 'secret=acme,from=match' },
  })
})

t.test('who labels a Namespace is told that its Pods are no longer given what they were', async t => {
  const decision = announceStop({ allowed: true, warnings: ['w'], annotations: {} }, 'Namespace a', 'a', 'mode audit')
  t.strictSame(decision.warnings, [
    'Namespace a: pull secrets are no longer added to its Pods (mode audit); to go on adding them: kubectl label --overwrite namespace a regcred.dev/inject=enabled',
    'w',
  ])
})

t.test('without a plan there is no patch', async t => {
  t.strictSame(decideOnPlan({ ...PLANNED, add: [], notes: [] }), {
    allowed: true,
    warnings: [],
    annotations: {},
  })
})
