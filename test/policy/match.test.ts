import t from 'tap'
import { type MatchOutcome, matchImage } from '../../src/policy/match.ts'
import type { RegistryClass } from '../../src/policy/registries/classifier.ts'
import { expiredSecret, HOST, type PodTweak, podCase, pullSecret } from './pod-case.ts'

const unusable = { ...pullSecret('anonymous'), entries: [{ key: HOST, usable: false }] }
const generated = { ...pullSecret('default-dockercfg', HOST), generated: true }

interface Case extends PodTweak {
  readonly name: string
  /** The only names that the ServiceAccount allows; any without it. */
  readonly allowed?: readonly string[]
  readonly wanted: MatchOutcome
}

const cases: readonly Case[] = [
  { name: 'nothing matches', secrets: { a: pullSecret('a', 'ghcr.io') }, wanted: {} },
  { name: 'one fits', secrets: { a: pullSecret('a', HOST) }, wanted: { secret: 'a', reason: undefined } },
  {
    name: 'the most specific entry wins over the first name',
    secrets: { a: pullSecret('a', HOST), b: pullSecret('b', `${HOST}/acme`) },
    wanted: { secret: 'b', reason: undefined },
  },
  {
    name: 'of equals the first by name wins',
    secrets: { c: pullSecret('c', HOST), a: pullSecret('a', HOST), b: pullSecret('b', HOST) },
    wanted: { secret: 'a', reason: undefined },
  },
  {
    name: 'expired credentials do not count',
    secrets: { old: expiredSecret('old') },
    wanted: { secret: 'old', reason: 'notUsable' },
  },
  {
    name: 'nor does an entry without a user name',
    secrets: { anonymous: unusable },
    wanted: { secret: 'anonymous', reason: 'notUsable' },
  },
  {
    name: 'nor does what the cluster generated',
    secrets: { 'default-dockercfg': generated },
    wanted: { secret: 'default-dockercfg', reason: 'notUsable' },
  },
  {
    name: 'a less specific entry that counts wins over one that does not',
    secrets: { old: expiredSecret('old', `${HOST}/acme`), a: pullSecret('a', HOST) },
    wanted: { secret: 'a', reason: undefined },
  },
  {
    name: 'one that may not be referenced is named only if no other fits',
    secrets: { a: pullSecret('a', HOST) },
    allowed: ['b'],
    wanted: { secret: 'a', reason: 'mountableSecretsEnforced' },
  },
  {
    name: 'one that may is taken instead',
    secrets: { a: pullSecret('a', HOST), b: pullSecret('b', HOST) },
    allowed: ['b'],
    wanted: { secret: 'b', reason: undefined },
  },
]

function match({ allowed, ...tweak }: Partial<Case>): MatchOutcome | undefined {
  const pod = podCase(tweak)
  const [use] = pod.facts.images
  return use && matchImage(use, pod, name => allowed?.includes(name) ?? true)
}

for (const { name, wanted, ...tweak } of cases) {
  t.test(`match: ${name}`, async t => t.strictSame(match(tweak), wanted))
}

const classes: readonly [registryClass: RegistryClass, key: string, isTaken: boolean][] = [
  ['private', HOST, true],
  ['unlisted', HOST, true],
  ['mixed', HOST, false],
  ['mixed', `${HOST}/acme`, true],
  ['public', `${HOST}/acme`, false],
  ['node', `${HOST}/acme`, false],
]

t.test('which classes of image match is for', async t => {
  for (const [registryClass, key, isTaken] of classes) {
    t.strictSame(
      match({ registryClass, secrets: { a: pullSecret('a', key) } }),
      { secret: 'a', reason: isTaken ? undefined : 'registryNotEligible' },
      `${registryClass}, ${key}`,
    )
  }
})
