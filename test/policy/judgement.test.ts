import t from 'tap'
import { UNKNOWN } from '../../src/policy/known.ts'
import type { RegistryClass } from '../../src/policy/registries/classifier.ts'
import { defaultSettings } from '../../src/policy/settings.ts'
import { configured, HOST, IMAGE, judgedCase, type PodTweak, pullSecret } from './pod-case.ts'

const OTHER = 'other.example.com'

t.test('a Pod that is still to be made is judged with its plan, by who brought what', async t => {
  const { references, lost, images } = judgedCase({
    traits: { form: 'written' },
    references: ['own'],
    written: [{ secret: 'asked', source: 'pod' }],
    secrets: {
      own: pullSecret('own', 'own.example.com'),
      asked: pullSecret('asked', OTHER),
      acme: pullSecret('acme', HOST),
    },
    images: [IMAGE, `${OTHER}/web`],
  })
  t.strictSame(references, [
    { secret: 'own', origin: 'object' },
    { secret: 'asked', origin: 'object' },
    { secret: 'acme', origin: 'configuration' },
  ])
  t.strictSame(lost, [])
  t.strictSame(
    images.map(({ coverage }) => coverage),
    ['covered', 'covered'],
  )
})

t.test('one that is about to be stored has what it has, and what it lacks of its plan was lost', async t => {
  const { references, lost, images } = judgedCase({ secrets: { acme: pullSecret('acme', HOST) } })
  t.strictSame(references, [])
  t.strictSame(lost, [{ secret: 'acme', source: 'match' }])
  t.strictSame(
    images.map(({ coverage }) => coverage),
    ['uncovered'],
  )
})

t.test('images that are never pulled, or whose name does not parse, are not judged', async t => {
  const { images } = judgedCase({ images: [{ pulled: false }, 'UPPER', 'nginx'] })
  t.strictSame(
    images.map(({ use }) => use.image),
    ['nginx'],
  )
})

interface EffectCase extends PodTweak {
  readonly name: string
  readonly effect: string
}

const useless = { references: ['useless'], secrets: { useless: pullSecret('useless', OTHER) } }
const covering = { references: ['acme'], secrets: { acme: pullSecret('acme', HOST) } }
const dark = { references: ['dark'], secrets: { dark: UNKNOWN } }
const byClass = (tweak: PodTweak, effects: Record<RegistryClass, string>): EffectCase[] =>
  (['private', 'mixed', 'unlisted', 'public', 'node'] as const).map(registryClass => ({
    ...tweak,
    registryClass,
    name: `${registryClass}, ${Object.keys(tweak.secrets ?? {})}`,
    effect: effects[registryClass],
  }))

const effects: readonly EffectCase[] = [
  ...byClass(covering, {
    private: 'degrades',
    mixed: 'degrades',
    unlisted: 'degrades',
    public: 'degrades',
    node: 'degrades',
  }),
  ...byClass(useless, {
    private: 'blocks',
    mixed: 'mayBlock',
    unlisted: 'mayBlock',
    public: 'degrades',
    node: 'degrades',
  }),
  ...byClass(dark, {
    private: 'mayBlock',
    mixed: 'mayBlock',
    unlisted: 'mayBlock',
    public: 'degrades',
    node: 'degrades',
  }),
  {
    name: 'the worst of several images decides',
    ...useless,
    images: ['nginx', { registryClass: 'private' }, 'quay.io/a/b'],
    effect: 'blocks',
  },
  {
    name: 'what a template misses may yet arrive',
    traits: { about: 'template', form: 'written' },
    references: ['gone'],
    registryClass: 'private',
    effect: 'mayBlock',
  },
  {
    name: 'what is on a template and useless may not',
    ...useless,
    traits: { about: 'template', form: 'written' },
    registryClass: 'private',
    effect: 'blocks',
  },
]

t.test('the effect of a reference that gives nothing', async t => {
  for (const { name, effect, ...tweak } of effects) t.equal(judgedCase(tweak).byCoverage, effect, name)
})

const ownUseless: readonly (PodTweak & { readonly name: string; readonly isUseless: boolean })[] = [
  { name: 'nothing is listed', isUseless: false },
  { name: 'what is listed is for another registry', ...useless, isUseless: true },
  { name: 'what is listed is missing', references: ['gone'], isUseless: true },
  { name: 'what is listed covers an image', ...covering, images: [IMAGE, `${OTHER}/web`], isUseless: false },
  { name: 'nobody knows what is listed', ...dark, isUseless: false },
  {
    name: 'what others listed covers it all',
    references: ['useless', 'acme'],
    origins: { acme: 'serviceAccount' },
    secrets: { ...useless.secrets, ...covering.secrets },
    isUseless: false,
  },
  {
    name: 'only others listed something',
    ...useless,
    origins: { useless: 'configuration' },
    written: configured('useless'),
    isUseless: false,
  },
]

t.test('whether what the author listed does nothing for any image', async t => {
  for (const { name, isUseless, ...tweak } of ownUseless) t.equal(judgedCase(tweak).ownUseless, isUseless, name)
})

t.test('a private image without credentials is one, known or not', async t => {
  t.ok(judgedCase({ registryClass: 'private' }).privateUncovered)
  t.ok(judgedCase({ ...dark, registryClass: 'private' }).privateUncovered)
  t.notOk(judgedCase({ ...covering, registryClass: 'private' }).privateUncovered)
  t.notOk(judgedCase({ registryClass: 'mixed' }).privateUncovered)
})

const TEMPLATE = { about: 'template', form: 'written' } as const
const MISTYPED: PodTweak = {
  traits: TEMPLATE,
  registryClass: 'private',
  references: ['regcerd'],
  secrets: { regcred: pullSecret('regcred', HOST) },
  nearNames: { regcerd: 'regcred' },
  settings: { inject: { ...defaultSettings.inject, match: false } },
}
const missing: readonly { name: string; gravest: string; tweak?: PodTweak }[] = [
  { name: 'a name that is mistyped', gravest: 'blocks' },
  { name: 'where nothing else is private', gravest: 'mayBlock', tweak: { registryClass: 'unlisted' } },
  {
    name: 'on a dry run, or where it is never one',
    gravest: 'mayBlock',
    tweak: { facts: { missingSecrets: 'never' } },
  },
  {
    name: 'any name, where it is always one',
    gravest: 'blocks',
    tweak: { nearNames: {}, facts: { missingSecrets: 'always' } },
  },
  {
    name: 'but not if every private image is covered',
    gravest: 'mayBlock',
    tweak: {
      references: ['regcerd', 'good'],
      secrets: { good: pullSecret('good', HOST) },
      facts: { missingSecrets: 'always' },
    },
  },
  { name: 'where nothing is near', gravest: 'mayBlock', tweak: { nearNames: {} } },
  {
    name: 'where two are near',
    gravest: 'mayBlock',
    tweak: { nearNames: { regcerd: { name: 'regcred', isOnly: false } } },
  },
  {
    name: 'where the near one is another',
    gravest: 'mayBlock',
    tweak: { secrets: { regcred2: pullSecret('regcred2', HOST) }, nearNames: { regcerd: 'regcred2' } },
  },
  {
    name: 'where the near one covers none of the images',
    gravest: 'mayBlock',
    tweak: { secrets: { regcred: pullSecret('regcred', OTHER) } },
  },
  {
    name: 'beside one that may yet arrive',
    gravest: 'mayBlock',
    tweak: { references: ['regcerd', 'external'] },
  },
  {
    name: 'beside another that is mistyped',
    gravest: 'blocks',
    tweak: { references: ['regcerd', 'regcrde'], nearNames: { regcerd: 'regcred', regcrde: 'regcred' } },
  },
  {
    name: 'where nobody may learn of other Secrets',
    gravest: 'mayBlock',
    tweak: { settings: { ...MISTYPED.settings, suggestions: 'none' } },
  },
  { name: 'of a Pod, which is made now', gravest: 'blocks', tweak: { traits: { form: 'stored' }, nearNames: {} } },
]

for (const { name, gravest, tweak } of missing) {
  t.test(`a Secret that a template lacks: ${name}`, async t => {
    t.equal(judgedCase({ ...MISTYPED, ...tweak }).gravest, gravest)
  })
}
