import t from 'tap'
import { ask, HOST, IMAGE, PRIVATE, pod, secret } from '../../engine/ask.ts'

const USED = { username: 'u', password: 'p' }

/** What a Pod is told of an image for which its only pull secret, with these entries, has no credentials. */
async function sayOf(auths: object): Promise<readonly string[] | undefined> {
  const objects = [secret('hub', { auths })]
  const { warnings } = await ask({ object: pod({ references: ['hub'] }), objects, settings: PRIVATE })
  return warnings
}

/** As much of it as names registries. */
const listing = (registries: string) => [
  `Pod web: none of its pull secrets has credentials for "${IMAGE}" ("hub"${registries}); add one that has`,
]

const cases: { name: string; auths: object; registries: string }[] = [
  {
    name: 'Docker Hub as images name it',
    auths: { 'https://index.docker.io/v1/': USED },
    registries: ' is for docker.io',
  },
  {
    name: 'up to three registries, and neither user nor query',
    auths: {
      'https://janedoe@ghcr.io/acme?hunter2': USED,
      'https://ghcr.io/acme': USED,
      'a.example.com:5000': USED,
      'b.example.com': USED,
    },
    registries: ' is for ghcr.io/acme, a.example.com:5000, b.example.com',
  },
  {
    name: 'no more than three registries',
    auths: Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [`${name}.example.com`, USED])),
    registries: ' is for a.example.com, b.example.com, c.example.com and others',
  },
  {
    name: 'that there are more entries than are looked at',
    auths: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`https://user-${i}@ghcr.io`, USED])),
    registries: ' is for ghcr.io and others',
  },
  {
    name: 'no registry without a user name, and none that is not fit to be shown',
    auths: { 'a.example.com': { password: 'p' }, 'b.example.com/a b': USED },
    registries: '',
  },
]

for (const { name, auths, registries } of cases) {
  t.test(`who lacks credentials is told what the listed pull secret is for: ${name}`, async t => {
    t.strictSame(await sayOf(auths), listing(registries))
  })
}

t.test(
  'an entry that is nearly for the image is told without its user, and not at all where it is too long',
  async t => {
    const long = `https://janedoe@${HOST}/${'a'.repeat(100)}`
    t.strictSame(await sayOf({ [`https://janedoe@${HOST}/other`]: USED }), [
      `Pod web: Secret "hub" is for "${HOST}/other", not for "${IMAGE}"; write "${HOST}"`,
    ])
    t.strictSame(await sayOf({ [long]: USED }), [
      `Pod web: an entry of Secret "hub" is nearly for "${IMAGE}"; write "${HOST}"`,
    ])
    t.strictSame(await sayOf({ [`https://${HOST}.`]: USED }), [
      `Pod web: the registry in Secret "hub" is written "https://${HOST}.", which never matches an image; write "${HOST}"`,
    ])
  },
)
