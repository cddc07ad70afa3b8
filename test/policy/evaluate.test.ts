import t from 'tap'
import { evaluate, evaluatePod } from '../../src/policy/evaluate.ts'
import type { FindingCode } from '../../src/policy/finding.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { configured, expiredSecret, HOST, IMAGE, judgedCase, type PodTweak, podFacts, pullSecret } from './pod-case.ts'

const malformed = { kind: 'malformed', name: 'bad', reason: 'it is not JSON' } as const

interface Case extends PodTweak {
  readonly name: string
  readonly ignore?: readonly FindingCode[]
  readonly codes: readonly FindingCode[]
}

const cases: readonly Case[] = [
  { name: 'nothing', references: ['acme'], secrets: { acme: pullSecret('acme', HOST) }, codes: [] },
  {
    name: 'everything, in the order in which it is looked for',
    images: ['UPPER', IMAGE, 'old.example.com/web'],
    references: ['gone', 'old'],
    secrets: { old: expiredSecret('old', 'old.example.com') },
    registryClass: 'private',
    codes: ['ImageInvalid', 'SecretNotFound', 'CredentialsExpired', 'ImageNotCovered'],
  },
  {
    name: 'a Secret that breaks the keyring stands for every image',
    references: ['bad'],
    secrets: { bad: malformed },
    registryClass: 'private',
    codes: ['SecretMalformed'],
  },
  {
    name: 'a lost reference stands for the images that it covers',
    images: [IMAGE, 'other.example.com/web'],
    secrets: { acme: pullSecret('acme', HOST) },
    registryClass: 'private',
    codes: ['NotInjected', 'ImageNotCovered'],
  },
  {
    name: 'what is ignored is not made',
    ignore: ['SecretNotFound'],
    references: ['gone', 'acme'],
    secrets: { acme: pullSecret('acme', HOST) },
    codes: [],
  },
  {
    name: 'what is ignored takes the place of nothing: a Secret that breaks the keyring',
    ignore: ['SecretMalformed'],
    references: ['bad'],
    secrets: { bad: malformed },
    registryClass: 'private',
    codes: ['ImageNotCovered'],
  },
  {
    name: 'what is ignored takes the place of nothing: a lost reference',
    ignore: ['NotInjected'],
    written: configured('acme'),
    secrets: { acme: pullSecret('acme', HOST) },
    registryClass: 'private',
    codes: ['ImageNotCovered'],
  },
]

for (const { name, codes, ignore = [], ...tweak } of cases) {
  t.test(`found: ${name}`, async t => {
    const found = evaluatePod(judgedCase({ ...tweak, settings: { ignore } }))
    t.strictSame(
      found.map(({ code }) => code),
      codes,
    )
  })
}

t.test('Secrets and Namespaces have findings of their own, which can be ignored too', async t => {
  const codesOf = (ignore: readonly FindingCode[], ignored: readonly string[] = []) => {
    const { rulebook, namespaceState, now } = podFacts({ settings: { ignore } })
    const namespace = { name: 'team-a', mode: 'on' }
    return [
      evaluate({
        about: 'secret',
        place: { isFile: false, namespace: 'team-a' },
        reading: malformed,
        ignored,
        namespaceState,
        rulebook,
        now,
        budget: new Budget(),
      }),
      evaluate({ about: 'namespace', namespace, notStrings: [], isFile: false, rulebook }),
    ].map(found => found.map(({ code }) => code))
  }
  t.strictSame(codesOf([]), [['SecretMalformed'], ['LabelInvalid']])
  t.strictSame(codesOf(['SecretMalformed', 'LabelInvalid']), [[], []])
  t.strictSame(codesOf([], ['SecretMalformed', 'LabelInvalid']), [[], ['LabelInvalid']], 'by a Secret itself')
})
