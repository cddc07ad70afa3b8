import t from 'tap'
import { findUncoveredImages } from '../../../src/policy/findings/image-not-covered.ts'
import { UNKNOWN } from '../../../src/policy/known.ts'
import { HOST, IMAGE, judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

const PRIVATE = { registryClass: 'private' } as const
const found = (tweak: PodTweak) => findUncoveredImages(judgedCase(tweak), [])
const elsewhere = (...names: string[]) =>
  Object.fromEntries(names.map(name => [name, pullSecret(name, `${name}.example.com`)]))
const covering = { acme: pullSecret('acme', HOST) }

t.test('a private image without credentials', async t => {
  t.strictSame(found(PRIVATE), [
    {
      code: 'ImageNotCovered',
      effect: 'blocks',
      container: 'c0',
      image: IMAGE,
      origin: 'object',
      affectsPrivate: true,
      message: `no pull secret covers image "${IMAGE}" (there is none); add one, or list the registry under registries.node`,
    },
  ])
})

interface Case extends PodTweak {
  readonly name: string
  readonly effects: readonly string[]
}

const own = { references: ['own'], secrets: elsewhere('own') }
const cases: readonly Case[] = [
  { name: 'a private one', ...own, ...PRIVATE, effects: ['blocks'] },
  { name: 'a private one that is covered', references: ['acme'], secrets: covering, ...PRIVATE, effects: [] },
  { name: 'an unlisted one, where nothing is listed', effects: [] },
  { name: 'an unlisted one, where what the author listed does nothing', ...own, effects: ['mayBlock'] },
  {
    name: 'an unlisted one, where only others listed something',
    ...own,
    origins: { own: 'serviceAccount' },
    effects: [],
  },
  {
    name: 'an unlisted one, where what the author listed covers another image',
    references: ['acme'],
    secrets: covering,
    images: [IMAGE, 'other.example.com/web'],
    effects: [],
  },
  {
    name: 'a mixed, a public and a node one',
    ...own,
    images: ['ghcr.io/a/b', 'nginx', { registryClass: 'node' }],
    effects: [],
  },
  {
    name: 'while a reference is unknown',
    references: ['own', 'dark'],
    secrets: { dark: UNKNOWN },
    ...PRIVATE,
    effects: [],
  },
  {
    name: 'a template that misses a Secret, which may yet arrive',
    references: ['gone'],
    traits: { about: 'template', form: 'written' },
    ...PRIVATE,
    effects: ['mayBlock'],
  },
  { name: 'one that is never pulled', images: [{ pulled: false }], ...PRIVATE, effects: [] },
]

for (const { name, effects, ...tweak } of cases) {
  t.test(`not covered: ${name}`, async t => {
    t.strictSame(
      found(tweak).map(({ effect }) => effect),
      effects,
    )
  })
}

const made = { effect: 'blocks', origin: 'object', affectsPrivate: true, message: '' } as const

t.test('where the Pod has no keyring at all, no image is told of besides', async t => {
  const before = [{ ...made, code: 'SecretMalformed', secret: 'bad' } as const]
  t.strictSame(findUncoveredImages(judgedCase(PRIVATE), before), [])
})

t.test('nor one that a lost reference would have covered', async t => {
  const judgement = judgedCase({ ...PRIVATE, images: [IMAGE, 'other.example.com/web'], secrets: covering })
  const before = [{ ...made, code: 'NotInjected', secret: 'acme' } as const]
  t.match(findUncoveredImages(judgement, before), [{ container: 'c1' }])
})

t.test("the ServiceAccount's pull secret that the Pod's own list displaced", async t => {
  const secrets = { ...elsewhere('own', 'other'), ...covering }
  const displaced = { ...PRIVATE, references: ['own'], secrets, account: { references: ['other', 'acme'] } }
  t.match(found(displaced), [
    {
      suggestion: 'acme',
      message: `no pull secret of its own covers image "${IMAGE}"; the ServiceAccount's "acme" would cover it: list it too, a Pod's own list replaces it`,
    },
  ])
  t.match(found({ ...displaced, origins: { own: 'serviceAccount' } }), [{ suggestion: undefined }])
  t.match(found({ ...displaced, facts: { serviceAccount: UNKNOWN } }), [{ suggestion: undefined }])
})

t.test('the entry that nearly matches', async t => {
  t.match(found({ ...PRIVATE, references: ['near'], secrets: { near: pullSecret('near', `${HOST}/other`) } }), [
    {
      suggestion: HOST,
      message: `no pull secret covers image "${IMAGE}"; entry "${HOST}/other" of "near" nearly does: use "${HOST}"`,
    },
  ])
})

t.test('no more than three useless references are named', async t => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const listed = (count: number) =>
    found({ references: names.slice(0, count), secrets: elsewhere(...names) })[0]?.message.match(/\(.*\)/)?.[0]
  t.equal(listed(1), '(not "a")')
  t.equal(listed(3), '(not "a", "b", "c")')
  t.equal(listed(5), '(not "a", "b", "c" and 2 more)')
})

t.test('of more than a hundred images the rest is told without looking for a cause', async t => {
  const images = Array.from({ length: 101 }, (_, i) => `${HOST}/acme/web-${i}`)
  const near = { near: pullSecret('near', `${HOST}/other`) }
  const suggestions = found({ ...PRIVATE, images, references: ['near'], secrets: near }).map(
    ({ suggestion }) => suggestion,
  )
  t.equal(suggestions.length, 101)
  t.equal(suggestions.lastIndexOf(HOST), 99)
})
