import t from 'tap'
import { type ImageName, parseImageName } from '../../src/kubelet/image-name.ts'
import { findForgotten, type Sibling, Siblings } from '../../src/policy/siblings.ts'
import { present } from '../../src/runtime/present.ts'
import { HOST, IMAGE, type PodTweak, podCase, pullSecret } from './pod-case.ts'

/** Nobody knows what it holds. */
const UNKNOWN: NonNullable<PodTweak['secrets']> = { acme: { state: 'unknown' } }

const image = (name: string) => present(parseImageName(name))

interface OfImages extends Sibling {
  readonly images: readonly ImageName[]
}

function sibling(references: readonly string[], name = IMAGE): OfImages {
  return { application: 'shop', references, images: [image(name)] }
}

/** What is found of a Pod that lists these, among others of its application. */
function found(others: readonly OfImages[], tweak: PodTweak = {}, own = sibling(tweak.references ?? [])) {
  const siblings = new Siblings()
  for (const one of [...others, own]) siblings.add(one, one.images)
  return findForgotten(podCase({ account: { references: [] }, secrets: UNKNOWN, ...tweak }), own, siblings, [])
}

const two = [sibling(['acme']), sibling(['acme', 'other'])]

t.test('what all others list for the same place is named', async t => {
  t.match(found(two), [
    {
      code: 'ImageNotCovered',
      effect: 'mayBlock',
      container: 'c0',
      image: IMAGE,
      suggestion: { of: 'secret', text: 'acme' },
      problem: `2 others of this application list "acme" for images of ${HOST}/acme, and this one does not`,
      advice: { kind: 'listSecret', text: 'add "acme" to spec.imagePullSecrets' },
    },
  ])
})

t.test('that is no evidence', async t => {
  const cases: [name: string, others: readonly OfImages[], tweak?: PodTweak, own?: OfImages][] = [
    ['one sibling', [sibling(['acme'])]],
    ['one of them does not list it', [...two, sibling([])]],
    ['they pull from another path', two.map(() => sibling(['acme'], `${HOST}/tools/web`))],
    ['another application', two.map(one => ({ ...one, application: 'bank' }))],
    ['it is of another application', two, {}, { ...sibling([]), application: 'bank' }],
    ['it lists it itself', two, { references: ['acme'] }],
    ['the ServiceAccount brings it', two, { references: ['acme'], origins: { acme: 'serviceAccount' } }, sibling([])],
    ['the image is public', two, { registryClass: 'public' }],
    ['the nodes log in themselves', two, { registryClass: 'node' }],
    ['it is never pulled', two, { images: [{ image: IMAGE, pulled: false }] }],
    ['it is no image', two, { images: ['Not An Image'] }],
    ['it is covered', two, { references: ['b'], secrets: { b: pullSecret('b', HOST) } }],
    ['the Secret is there, and for another registry', two, { secrets: { acme: pullSecret('acme', 'ghcr.io') } }],
    ['the Secret does not exist', two, { secrets: {} }],
    ['it is no pull secret', two, { secrets: { acme: { kind: 'wrongType', name: 'acme' } } }],
  ]
  for (const [name, others, tweak, own] of cases) t.strictSame(found(others, tweak, own), [], name)
})

t.test('a Secret that nobody has read, and one that fits, may be what is missing', async t => {
  for (const acme of [{ kind: 'unread', name: 'acme' }, pullSecret('acme', HOST)] as const) {
    t.match(found(two, { secrets: { acme } }), [{ suggestion: { text: 'acme' } }])
  }
})

t.test('of a registry with public and private images the entry has to be for the path', async t => {
  const mixed = (acme: NonNullable<PodTweak['secrets']>[string]) =>
    found(two, { registryClass: 'mixed', secrets: { acme } }).length
  t.equal(mixed({ state: 'unknown' }), 0)
  t.equal(mixed(pullSecret('acme', HOST)), 0)
  t.equal(mixed(pullSecret('acme', `${HOST}/acme`)), 1)
})

t.test('where the ServiceAccount may bring it, it is a note', async t => {
  t.match(found(two, { facts: { serviceAccount: { state: 'unknown' } } }), [{ effect: 'degrades' }])
  t.match(found(two, { account: { references: ['x'] } }), [{ effect: 'degrades' }])
})

t.test('an image is told of once, and where it is told of anyway the advice is given there', async t => {
  const siblings = new Siblings()
  const own = sibling([])
  for (const one of [...two, own]) siblings.add(one, one.images)
  const pod = podCase({
    images: [IMAGE, IMAGE],
    registryClass: 'private',
    account: { references: [] },
    secrets: UNKNOWN,
  })
  const about = { effect: 'blocks', image: IMAGE, origin: 'object', affectsPrivate: true } as const
  const told = {
    ...about,
    code: 'ImageNotCovered',
    problem: 'none',
    advice: { kind: 'listAnother', text: 'add one' },
  } as const
  const other = {
    ...about,
    code: 'ImageInvalid',
    problem: 'odd',
    advice: { kind: 'correctImage', text: 'correct it' },
  } as const
  t.match(findForgotten(pod, own, siblings, [told, other]), [
    { effect: 'blocks', suggestion: { text: 'acme' } },
    { problem: 'odd', suggestion: undefined },
  ])
  const explained = { ...told, suggestion: { of: 'key', text: 'k' } } as const
  t.strictSame(findForgotten(pod, own, siblings, [explained]), [explained])
  t.equal(findForgotten(pod, own, siblings, []).length, 1)
})
