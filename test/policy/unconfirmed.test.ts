import t from 'tap'
import { assess } from '../../src/policy/assess.ts'
import { UNKNOWN } from '../../src/policy/known.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'
import { configured, expiredSecret, HOST, IMAGE, type PodTweak, podCase, pullSecret } from './pod-case.ts'

const inject = (tweak: Partial<Settings['inject']>) => ({ inject: { ...defaultSettings.inject, ...tweak } })
const NO_MATCH = inject({ match: false })
const mutating = { form: 'mutating' } as const
const written = { form: 'written' } as const
const acme = { acme: pullSecret('acme', HOST) }
const useless = { useless: pullSecret('useless', 'other.example.com') }

interface Case extends PodTweak {
  readonly name: string
  /** Names that are to be read; none without it. */
  readonly confirm?: readonly string[]
  /** Images for which the namespace is to be searched; none without it. */
  readonly lacking?: readonly string[]
  readonly serviceAccount?: boolean
}

const cases: readonly Case[] = [
  { name: 'a Pod that is covered', references: ['acme'], secrets: acme },
  { name: 'a covered Pod among the mutators', references: ['acme'], secrets: acme, traits: mutating },
  {
    name: 'a Pod that lacks credentials may be behind on the references it has and the names written down for it',
    traits: mutating,
    references: ['useless'],
    written: configured('hub'),
    secrets: { ...useless, hub: pullSecret('hub', 'hub.example.com') },
    confirm: ['useless', 'hub'],
    lacking: [IMAGE],
  },
  { name: 'without match there is nothing to search for', traits: mutating, settings: NO_MATCH },
  { name: 'a public image lacks nothing', traits: mutating, images: ['nginx'] },
  { name: 'nor does one that is never pulled', traits: mutating, images: [{ pulled: false }] },
  {
    name: 'what is to be added rests on what the cache holds',
    traits: mutating,
    references: ['useless'],
    secrets: { ...useless, ...acme },
  },
  {
    name: 'and on what is listed and may be arriving',
    traits: mutating,
    references: ['useless', 'new'],
    secrets: { ...useless, ...acme },
    confirm: ['new'],
  },
  {
    name: 'a cache that is not settled may be behind on what is listed, which did not cover',
    traits: mutating,
    references: ['useless'],
    secrets: { ...useless, ...acme },
    settled: false,
    confirm: ['useless'],
  },
  {
    name: 'so it is where match would reach into a registry of public images',
    traits: mutating,
    images: ['ghcr.io/acme/web'],
    registryClass: 'mixed',
    references: ['useless'],
    secrets: { ...useless, hub: pullSecret('hub', 'ghcr.io/acme') },
    confirm: ['useless'],
  },
  {
    name: 'but not for what is written down for it',
    traits: mutating,
    images: ['ghcr.io/acme/web'],
    registryClass: 'mixed',
    references: ['useless'],
    written: configured('hub'),
    secrets: { ...useless, hub: pullSecret('hub', 'ghcr.io/acme') },
    settings: NO_MATCH,
  },
  {
    name: 'nor where match has no part in the mixed one',
    traits: mutating,
    images: [
      { image: 'ghcr.io/acme/web', name: { registry: 'ghcr.io', path: 'acme/web' }, registryClass: 'mixed' },
      IMAGE,
    ],
    references: ['hub'],
    secrets: { ...acme, hub: pullSecret('hub', 'ghcr.io/acme') },
  },
  {
    name: 'where nothing is injected nothing is confirmed',
    traits: { ...mutating, optedOut: true },
    references: ['gone'],
  },
  {
    name: 'a name that the Pod asks for, and that is not to be had, is told to it',
    traits: mutating,
    images: ['nginx'],
    written: [{ secret: 'old', source: 'pod' }],
    secrets: { old: expiredSecret('old') },
    settings: NO_MATCH,
    confirm: ['old'],
  },
  {
    name: 'one that configuration writes down is not',
    traits: mutating,
    images: ['nginx'],
    written: configured('old'),
    secrets: { old: expiredSecret('old') },
    settings: NO_MATCH,
  },
  {
    name: 'a missing Secret that does no harm is read alone',
    references: ['acme', 'gone'],
    secrets: acme,
    confirm: ['gone'],
  },
  {
    name: 'one that does is read with all that might cover instead',
    references: ['useless', 'gone'],
    secrets: useless,
    account: { references: ['displaced'] },
    settings: NO_MATCH,
    confirm: ['gone', 'useless', 'displaced'],
  },
  {
    name: 'a Secret of which nothing is known',
    images: ['nginx'],
    references: ['dark'],
    secrets: { dark: UNKNOWN },
    confirm: ['dark'],
  },
  {
    name: 'one that is there and unread has nothing about it to confirm',
    references: ['unread', 'gone'],
    secrets: { unread: { kind: 'unread', name: 'unread' } },
    settings: { ...NO_MATCH, view: { secrets: 'names' } },
    confirm: ['gone'],
  },
  { name: 'an image name that does not parse follows from the Pod alone', images: ['UPPER'] },
  {
    name: 'a lost reference',
    secrets: acme,
    confirm: ['acme'],
  },
  {
    name: 'the same of a Pod whose ServiceAccount is unknown',
    references: ['useless', 'gone'],
    secrets: useless,
    facts: { serviceAccount: UNKNOWN },
    confirm: ['gone', 'useless'],
  },
  { name: 'in mode off nothing is told', references: ['gone'], settings: { mode: 'off' } },
  {
    name: 'what its author wrote may be behind on the ServiceAccount as well',
    traits: written,
    references: ['gone'],
    settings: NO_MATCH,
    confirm: ['gone'],
    serviceAccount: true,
  },
  { name: 'unless nothing is wrong with it', traits: written, references: ['acme'], secrets: acme },
  {
    name: 'that a name of a template is mistyped rests on the one that was meant',
    traits: { about: 'template', form: 'written' },
    registryClass: 'private',
    references: ['amce'],
    nearNames: { amce: 'acme' },
    secrets: acme,
    settings: NO_MATCH,
    confirm: ['amce', 'acme'],
    serviceAccount: true,
  },
]

for (const { name, confirm = [], lacking = [], serviceAccount = false, ...tweak } of cases) {
  t.test(`to be confirmed: ${name}`, async t => {
    const { facts, lookup, budget } = podCase(tweak)
    const { unconfirmed } = assess(facts, lookup, budget)
    t.strictSame(
      { ...unconfirmed, secrets: [...unconfirmed.secrets].sort() },
      { secrets: [...confirm].sort(), lacking, serviceAccount },
    )
  })
}
