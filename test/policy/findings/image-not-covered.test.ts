import t from 'tap'
import { findUncoveredImages } from '../../../src/policy/findings/image-not-covered.ts'
import { UNKNOWN } from '../../../src/policy/known.ts'
import { present } from '../../../src/runtime/present.ts'
import { asTold, HOST, IMAGE, judgedCase, type PodTweak, pullSecret } from '../pod-case.ts'

const PRIVATE = { registryClass: 'private' } as const
const found = (tweak: PodTweak) => asTold(findUncoveredImages(judgedCase(tweak), []))
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
      message: `no pull secret is listed, and "${IMAGE}" needs one; add one to spec.imagePullSecrets`,
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
    name: 'a mixed one, where an entry was plainly meant for it',
    references: ['own'],
    secrets: { own: pullSecret('own', 'ghcr.io/acmee') },
    images: ['ghcr.io/acme/web', 'ghcr.io/other/web'],
    effects: ['mayBlock'],
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

const NOTHING_TOLD = { problem: '', advice: { kind: 'listAnother', text: '' } } as const
const made = { effect: 'blocks', origin: 'object', affectsPrivate: true, ...NOTHING_TOLD } as const

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
      suggestion: { of: 'secret', text: 'acme' },
      message: `"acme" of its ServiceAccount would work for "${IMAGE}", but a Pod with its own imagePullSecrets ignores it; add "acme" to spec.imagePullSecrets`,
    },
  ])
  t.match(found({ ...displaced, origins: { own: 'serviceAccount' } }), [{ suggestion: undefined }])
  t.match(found({ ...displaced, facts: { serviceAccount: UNKNOWN } }), [{ suggestion: undefined }])
})

t.test('with suggestions: none neither another Secret is named, nor what a Secret is for', async t => {
  const settings = { suggestions: 'none' } as const
  const secrets = { ...elsewhere('own', 'near'), ...covering }
  const message = `none of its pull secrets has credentials for "${IMAGE}" ("own"); add one that has them to spec.imagePullSecrets`
  const displaced = { ...PRIVATE, references: ['own'], secrets, account: { references: ['acme'] }, settings }
  t.match(found(displaced), [{ suggestion: undefined, message }])
  const near = { ...PRIVATE, references: ['own'], secrets: { own: pullSecret('own', `${HOST}/other`) }, settings }
  t.match(found(near), [{ suggestion: undefined, message }])
})

t.test('an entry that is for the image, and what it lacks; nobody is told to write what stands there', async t => {
  const entries = [{ key: HOST, usable: false }, ...(elsewhere('own').own?.entries ?? [])]
  const secrets = { own: { ...pullSecret('own'), entries, store: 'desktop' } }
  const lack = 'has no user name, and the kubelet does not ask the credential store "desktop"'
  t.match(found({ ...PRIVATE, references: ['own'], secrets }), [
    {
      suggestion: undefined,
      message: `the entry for "${IMAGE}" in Secret "own" ${lack}; write user name and password into it`,
    },
  ])
})

const nearMisses: readonly [name: string, key: string, message: string][] = [
  ['another path', `${HOST}/other`, `Secret "near" is for "${HOST}/other", not for "${IMAGE}"; write "${HOST}/acme"`],
  [
    'another path, and a user who is nobody’s concern',
    `https://janedoe@${HOST}/other`,
    `Secret "near" is for "${HOST}/other", not for "${IMAGE}"; write "${HOST}/acme"`,
  ],
  [
    'one too long to be told',
    `https://janedoe@${HOST}/${'a'.repeat(100)}`,
    `an entry of Secret "near" is nearly for "${IMAGE}"; write "${HOST}/acme"`,
  ],
  [
    'one that does not parse, which only the writer of the Secret reads',
    `%hidden%@${HOST}`,
    `an entry of Secret "near" is nearly for "${IMAGE}"; write "${HOST}"`,
  ],
  [
    'one that matches no image at all',
    `https://${HOST}.`,
    `the registry in Secret "near" is written "https://${HOST}.", which never matches an image; write "${HOST}"`,
  ],
]

t.test('the entry that nearly matches, and what it should be', async t => {
  for (const [name, key, message] of nearMisses) {
    const [, text] = present(/; write "(.*)"$/.exec(message) ?? undefined)
    const secrets = { near: pullSecret('near', key) }
    t.match(found({ ...PRIVATE, references: ['near'], secrets }), [{ suggestion: { of: 'key', text }, message }], name)
  }
})

/** What is said of the references, none of which is for the image. */
function listed(references: readonly string[], secrets: PodTweak['secrets'] = {}): string | undefined {
  const [finding] = found({ ...PRIVATE, references, secrets })
  return finding?.message.match(
    /^none of its pull secrets has credentials for "[^"]*" \((.*)\); add one that has them to spec\.imagePullSecrets$/,
  )?.[1]
}

t.test('no more than three references are named, and what the first are for', async t => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const secrets = elsewhere(...names)
  t.equal(listed(['a'], secrets), '"a" is for a.example.com')
  t.equal(listed(['gone', 'a'], secrets), '"gone", "a" is for a.example.com')
  t.equal(
    listed(names, secrets),
    '"a" is for a.example.com, "b" is for b.example.com, "c" is for c.example.com, and 2 more',
  )
})

const registries: readonly [name: string, keys: readonly string[], said: string][] = [
  ['Docker Hub as images name it', ['https://index.docker.io/v1/'], ' is for docker.io'],
  [
    'up to three registries, and neither user nor query',
    ['https://janedoe@ghcr.io/acme?hunter2', 'https://ghcr.io/acme', 'a.example.com:5000', 'b.example.com'],
    ' is for ghcr.io/acme, a.example.com:5000, b.example.com',
  ],
  [
    'no more than three',
    ['a', 'b', 'c', 'd'].map(name => `${name}.example.com`),
    ' is for a.example.com, b.example.com, c.example.com and others',
  ],
  [
    'that there are more entries than are looked at',
    Array.from({ length: 17 }, (_, i) => `https://user-${i}@ghcr.io`),
    ' is for ghcr.io and others',
  ],
  ['none that is not fit to be shown', ['b.example.com/a b'], ''],
]

t.test('what a listed pull secret is for', async t => {
  for (const [name, keys, said] of registries) {
    t.equal(listed(['hub'], { hub: pullSecret('hub', ...keys) }), `"hub"${said}`, name)
  }
  const anonymous = { ...pullSecret('hub'), entries: [{ key: 'a.example.com', usable: false }] }
  t.equal(listed(['hub'], { hub: anonymous }), '"hub"', 'no registry without a user name')
})

t.test('of more than a hundred images the rest is told without looking for a cause', async t => {
  const images = Array.from({ length: 101 }, (_, i) => `${HOST}/acme/web-${i}`)
  const near = { near: pullSecret('near', `${HOST}/other`) }
  const suggestions = found({ ...PRIVATE, images, references: ['near'], secrets: near }).map(
    ({ suggestion }) => suggestion?.text,
  )
  t.equal(suggestions.length, 101)
  t.equal(suggestions.lastIndexOf(`${HOST}/acme`), 99)
})

t.test('of a mixed image the entry that was meant for it is told, though another is nearer', async t => {
  const secrets = { own: pullSecret('own', 'ghcr.io/acmee'), account: pullSecret('account', 'oci://ghcr.io') }
  const tweak = { references: ['account', 'own'], origins: { account: 'serviceAccount' }, secrets } as const
  t.match(found({ ...tweak, images: ['ghcr.io/acme/web'] }), [
    { message: 'Secret "own" is for "ghcr.io/acmee", not for "ghcr.io/acme/web"; write "ghcr.io/acme"' },
  ])
})

t.test(
  "the ServiceAccount's pull secret is named for an image that is left, though the Pod's own list covers others",
  async t => {
    const secrets = { own: pullSecret('own', 'own.example.com'), ...covering }
    const tweak = {
      references: ['own'],
      images: ['own.example.com/web', IMAGE],
      secrets,
      account: { references: ['acme'] },
    }
    t.match(found(tweak), [{ container: 'c1', effect: 'mayBlock', suggestion: { of: 'secret', text: 'acme' } }])
    t.strictSame(found({ ...tweak, registryClass: 'public' }), [])
  },
)

t.test(
  "the ServiceAccount's pull secret is named for the image that is left, though the Pod's own list is of use",
  async t => {
    const secrets = { ...elsewhere('own'), ...covering }
    const images = ['own.example.com/web', IMAGE, 'third.example.com/web']
    const left = found({ references: ['own'], images, secrets, account: { references: ['acme'] } })
    t.match(left, [{ container: 'c1', effect: 'mayBlock', suggestion: { of: 'secret', text: 'acme' } }])
    t.equal(left.length, 1, 'for the third it would do nothing, and who lists something of use is not told of it')
  },
)

t.test('what is said of an image is about that image, in any order of containers', async t => {
  const secrets = {
    own: pullSecret('own', 'own.example.com/a', 'reg.example.com:5000'),
    acme: pullSecret('acme', 'acme.example.com'),
    empty: { ...pullSecret('empty'), entries: [{ key: 'empty.example.com', usable: false, onlyUser: true }] } as const,
  }
  const advised: Readonly<Record<string, RegExp>> = {
    'own.example.com/b/web':
      /^Secret "own" is for "own.example.com\/a", not for "own.example.com\/b\/web"; write "own.example.com\/b"$/,
    'reg.example.com/web':
      /^Secret "own" is for "reg.example.com:5000", not for "reg.example.com\/web"; write "reg.example.com"$/,
    'acme.example.com/web': /^"acme" of its ServiceAccount would work for "acme.example.com\/web", /,
    'empty.example.com/web': /^the entry for "empty.example.com\/web" in Secret "empty" has no password; /,
    'none.example.com/web': /^none of its pull secrets has credentials for "none.example.com\/web" /,
  }
  const images = Object.keys(advised)
  for (const [i] of images.entries()) {
    const turned = [...images.slice(i), ...images.slice(0, i)]
    for (const order of [turned, turned.toReversed()]) {
      const said = found({
        ...{ ...PRIVATE, references: ['own', 'empty'], images: order, secrets },
        account: { references: ['acme'] },
      })
      t.strictSame(
        said.map(({ image = '', message }) => advised[image]?.test(message)),
        order.map(() => true),
      )
    }
  }
})
