import t from 'tap'
import { assess } from '../../src/policy/assess.ts'
import type { Finding, FindingCode } from '../../src/policy/finding.ts'
import { UNKNOWN } from '../../src/policy/known.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { expiredSecret, HOST, IMAGE, type PodTweak, podCase, pullSecret } from './pod-case.ts'

const acme = { acme: pullSecret('acme', HOST) }

interface Case extends PodTweak {
  readonly name: string
  readonly mode?: string
  readonly add?: readonly string[]
  readonly codes?: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'among the mutators it is planned for, and not judged',
    traits: { form: 'mutating' },
    references: ['gone'],
    secrets: acme,
    add: ['acme'],
  },
  { name: 'about to be stored and flawless there is nothing to do', references: ['acme'], secrets: acme },
  {
    name: 'about to be stored and covered, with a reference that is missing, it is judged',
    references: ['acme', 'gone'],
    secrets: acme,
    codes: ['SecretNotFound'],
  },
  {
    name: 'with one of no use',
    references: ['acme', 'opaque'],
    secrets: { ...acme, opaque: { kind: 'wrongType', name: 'opaque' } },
    codes: ['SecretWrongType'],
  },
  {
    name: 'with one of which nothing is known there is nothing to say',
    references: ['acme', 'dark'],
    secrets: { ...acme, dark: UNKNOWN },
  },
  { name: 'with an image whose name does not parse', images: ['UPPER'], codes: ['ImageInvalid'] },
  {
    name: 'with credentials that have expired',
    references: ['old'],
    secrets: { old: expiredSecret('old') },
    codes: ['CredentialsExpired'],
  },
  { name: 'about to be stored without its plan', secrets: acme, add: ['acme'], codes: ['NotInjected'] },
  {
    name: 'as its author wrote it, it is judged with its plan',
    traits: { form: 'written' },
    secrets: acme,
    add: ['acme'],
  },
  { name: 'never pulled, it needs nothing', images: [{ pulled: false }] },
  {
    name: 'in mode off it is neither planned for nor judged',
    traits: { form: 'written' },
    references: ['gone'],
    secrets: acme,
    settings: { mode: 'off' },
    mode: 'off',
  },
  {
    name: 'by a label that is off it is planned for, and not judged',
    traits: { form: 'written' },
    references: ['gone'],
    secrets: acme,
    facts: { namespaceState: { state: 'value', value: { name: 'team-a', mode: 'off' } } },
    mode: 'off',
    add: ['acme'],
  },
  {
    name: 'the label of its namespace decides',
    references: ['gone'],
    facts: { namespaceState: { state: 'value', value: { name: 'team-a', mode: 'enforce' } } },
    mode: 'enforce',
    codes: ['SecretNotFound', 'ImageNotCovered'],
  },
]

for (const { name, mode = 'warn', add = [], codes = [], ...tweak } of cases) {
  t.test(`a Pod: ${name}`, async t => {
    const { facts, lookup, budget } = podCase(tweak)
    const { plan, findings, ...assessed } = assess(facts, lookup, budget)
    t.strictSame(
      { mode: assessed.mode, add: plan.add.map(({ secret }) => secret), codes: findings.map(({ code }) => code) },
      { mode, add, codes },
    )
  })
}

const AUDIT = { mode: 'audit', registries: { ...defaultSettings.registries, private: [HOST] } } as const
const audited: readonly (Case & { readonly wouldAdd?: readonly string[]; readonly wouldBlock?: readonly string[] })[] =
  [
    {
      name: 'a Pod is judged as it is, and enforce would add what it lacks',
      secrets: acme,
      codes: ['ImageNotCovered'],
      wouldAdd: ['acme'],
    },
    {
      name: 'so is what its author wrote',
      traits: { form: 'written' },
      secrets: acme,
      codes: ['ImageNotCovered'],
      wouldAdd: ['acme'],
    },
    {
      name: 'what enforce would add does not help with everything',
      images: [IMAGE, `${HOST}/other/web`],
      secrets: { acme: pullSecret('acme', `${HOST}/acme`) },
      codes: ['ImageNotCovered', 'ImageNotCovered'],
      wouldAdd: ['acme'],
      wouldBlock: ['ImageNotCovered'],
    },
    {
      name: 'with nothing to add',
      references: ['gone'],
      codes: ['SecretNotFound', 'ImageNotCovered'],
      wouldBlock: ['SecretNotFound', 'ImageNotCovered'],
    },
  ]

for (const { name, codes = [], wouldAdd = [], wouldBlock = [], ...tweak } of audited) {
  t.test(`in mode audit ${name}`, async t => {
    const { facts, lookup, budget } = podCase({ settings: AUDIT, ...tweak })
    const { plan, findings, ...assessed } = assess(facts, lookup, budget)
    t.strictSame(codesOf(findings), codes)
    t.strictSame(plan.add, [])
    t.strictSame(
      plan.wouldAdd.map(({ secret }) => secret),
      wouldAdd,
    )
    t.strictSame(codesOf(assessed.wouldBlock), wouldBlock)
  })
}

function codesOf(findings: readonly Finding[]): FindingCode[] {
  return findings.map(({ code }) => code)
}
