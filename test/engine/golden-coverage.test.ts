import t from 'tap'
import { admit, type Outcome } from '../../src/engine/admit.ts'
import { FINDINGS, type FindingCode, isFindingCode } from '../../src/policy/finding.ts'
import type { Plan, SkipReason } from '../../src/policy/plan.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { MODES, type Mode } from '../../src/policy/settings.ts'
import { decode } from '../../src/review/decode.ts'
import { type Answer, type Case, GOLDEN_NOW, readAnswers, readCases, readReview } from './golden-case.ts'
import { clusterOf } from './golden-cluster.ts'

const cases = (await readCases()).map(golden => ({ golden, review: readReview(golden), answers: readAnswers(golden) }))
const codes = Object.keys(FINDINGS).filter(isFindingCode)

/** What is made of a finding: each is more than the one before. */
type Consequence = 'nothing' | 'recorded' | 'warned' | 'refused'

const CONSEQUENCES: Readonly<Record<Mode, Consequence>> = {
  off: 'nothing',
  audit: 'recorded',
  warn: 'warned',
  enforce: 'refused',
}

/** A Secret or a Namespace stops nothing by itself. */
const NEVER_REFUSED: readonly FindingCode[] = [
  'EntryCoversNothing',
  'EntryWithoutCredentials',
  'CredentialsDoubtful',
  'LabelInvalid',
]

for (const code of codes) {
  t.test(`${code} has a case with it and one without`, async t => {
    const made = cases.filter(({ answers }) => codesIn(answers.audit).includes(code))
    for (const mode of MODES) {
      const wanted = mode === 'enforce' && NEVER_REFUSED.includes(code) ? 'warned' : CONSEQUENCES[mode]
      const shown = made.filter(({ answers }) => consequenceOf(answers[mode]) === wanted)
      t.ok(shown.length > 0, `${wanted} in mode ${mode}`)
    }
    const near = cases.filter(({ golden }) => golden.description.without === code)
    t.ok(near.length > 0, 'there is one without')
    const wrong = near.filter(({ answers }) => MODES.some(mode => codesIn(answers[mode]).includes(code)))
    t.strictSame(wrong.map(nameOf), [], 'which does without it in every mode')
  })
}

type Source = Exclude<Plan['skipped'][number]['source'], null>

const WRITTEN: readonly Source[] = ['configuration', 'rule', 'namespace', 'pod']

/** Which names are skipped for a reason, by their source; none where it stops everything, wherever a name comes from. */
const POSSIBLE: Readonly<Record<SkipReason, readonly Source[] | 'everything'>> = {
  disabled: 'everything',
  modeOff: 'everything',
  optedOut: 'everything',
  namespaceDisabled: 'everything',
  exempt: 'everything',
  mirrorPod: 'everything',
  // A Pod of thousands of images is no case to keep: admit-budget.test.ts makes them.
  tooMuch: [],
  // Match looks for what covers an image, so what it finds is there and covers something, and only for images that
  // what is listed does not cover.
  alreadyListed: WRITTEN,
  nothingToCover: WRITTEN,
  notThere: WRITTEN,
  notUsable: [...WRITTEN, 'match'],
  mountableSecretsEnforced: [...WRITTEN, 'match'],
  tooMany: [...WRITTEN, 'match'],
  // Who writes a name down has decided; match has to be careful.
  registryNotEligible: ['match'],
  // Of a name. That a Namespace or a ServiceAccount is unknown stops everything, and is asked for below.
  unknown: WRITTEN,
}

t.test('injection', async t => {
  const mutated = cases.filter(({ golden }) => golden.stage === 'mutate')
  const plans = await Promise.all([
    ...mutated.map(each => planOf(each)),
    // A mode that stops everything.
    ...mutated.map(each => planOf(each, 'off')),
  ])
  const skipped = plans.flatMap(plan => plan.skipped)
  for (const source of [...WRITTEN, 'match']) {
    t.ok(
      plans.some(({ add }) => add.some(planned => planned.source === source)),
      `${source} brings a name`,
    )
  }
  for (const [reason, context] of Object.entries(POSSIBLE)) {
    const wanted: readonly (Source | null)[] = context === 'everything' ? [null] : context
    const found = skipped.filter(skip => skip.reason === reason)
    t.strictSame(
      wanted.filter(source => !found.some(skip => skip.source === source)),
      [],
      `${reason} is shown for every source`,
    )
    t.strictSame(
      found.filter(({ source }) => !wanted.includes(source) && !(reason === 'unknown' && source === null)),
      [],
      `${reason} is shown for no other`,
    )
  }
  for (const what of ['namespace', 'serviceaccount']) {
    const stopped = cases.filter(({ golden, answers }) => {
      return golden.description.unknown.includes(what) && answers.warn.auditAnnotations?.['skipped'] === 'unknown'
    })
    t.ok(stopped.length > 0, `an unknown ${what} stops everything`)
  }
})

const KINDS = [
  'Pod CREATE',
  'Pod UPDATE',
  'Pod/ephemeralcontainers UPDATE',
  'Deployment CREATE',
  'Deployment UPDATE',
  'StatefulSet CREATE',
  'DaemonSet CREATE',
  'ReplicaSet CREATE',
  'ReplicationController CREATE',
  'Job CREATE',
  'CronJob CREATE',
  'PodTemplate CREATE',
  'Rollout CREATE',
  'Secret CREATE kubernetes.io/dockerconfigjson',
  'Secret UPDATE kubernetes.io/dockerconfigjson',
  'Secret CREATE kubernetes.io/dockercfg',
  'Namespace CREATE',
  'Namespace UPDATE',
]

t.test('every kind has a case with a finding', async t => {
  const found = cases.filter(({ answers }) => codesIn(answers.audit).length > 0).map(({ review }) => kindOf(review))
  t.strictSame(
    KINDS.filter(kind => !found.includes(kind)),
    [],
  )
})

t.test('what changes nothing that concerns us is let through without a word', async t => {
  for (const name of ['a-deployment-that-is-labelled', 'a-replicaset-of-a-deployment', 'a-pod-that-is-labelled']) {
    const found = cases.find(({ golden }) => golden.name === `validate-${name}`)
    t.strictSame(
      found && MODES.map(mode => consequenceOf(found.answers[mode])),
      MODES.map(() => 'nothing'),
      name,
    )
  }
})

function nameOf({ golden }: { readonly golden: Case }): string {
  return golden.name
}

function codesIn({ auditAnnotations }: Answer): string[] {
  const findings = auditAnnotations?.['findings'] ?? ''
  return findings.split('; ').flatMap(finding => finding.split(' ')[0] || [])
}

function consequenceOf(answer: Answer): Consequence {
  if (!answer.allowed) return 'refused'
  if (answer.warnings) return 'warned'
  return codesIn(answer).length > 0 ? 'recorded' : 'nothing'
}

function kindOf({ request }: ReturnType<typeof readReview>): string {
  const { kind, subResource, operation, object } = request
  const type = kind.kind === 'Secret' ? ` ${Reflect.get(Object(object), 'type')}` : ''
  return `${kind.kind}${subResource ? `/${subResource}` : ''} ${operation}${type}`
}

/** Of a plan the answer shows the names, and not where they come from. */
async function planOf(
  { golden, review }: (typeof cases)[number],
  mode = golden.settings.mode,
): Promise<Outcome['plan']> {
  const { view, live } = clusterOf(golden.manifests, golden.description.unknown)
  const rulebook = prepareRulebook({ ...golden.settings, mode })
  const context = { view, live, rulebook, now: () => GOLDEN_NOW }
  const decoded = decode(JSON.stringify(review), golden.stage, golden.settings.templates)
  if (!decoded.ok) throw new Error(decoded.fault)
  return (await admit(decoded.review, context, () => 10_000)).outcome.plan
}
