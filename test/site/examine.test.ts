import t from 'tap'
import { examine } from '../../site/keyring/examine.ts'
import { EXAMPLE_IMAGES, exampleSecret } from '../../site/keyring/example.ts'
import { readImages } from '../../site/keyring/read-images.ts'
import { readPasted } from '../../site/keyring/read-pasted.ts'

const NOW = Date.UTC(2026, 5)
const GOOD = { auth: btoa('joe:pw') }

function look(pasted: unknown, images: string) {
  const read = readPasted(typeof pasted === 'string' ? pasted : JSON.stringify(pasted))
  if (!read.ok) throw new Error(read.problem)
  return examine(read.secrets, readImages(images).images, NOW)
}

const secretOf = (name: string, config: unknown, more: object = {}) => ({
  ...{ kind: 'Secret', metadata: { name }, type: 'kubernetes.io/dockerconfigjson', ...more },
  stringData: { '.dockerconfigjson': typeof config === 'string' ? config : JSON.stringify(config) },
})
const list = (...items: readonly object[]) => ({ kind: 'List', items })

t.test('the example shows a bit of everything', async t => {
  const { images, secrets } = look(exampleSecret(), EXAMPLE_IMAGES)
  t.match(images, [
    {
      answer: { can: true, attempts: [{ registry: 'your.private.registry.example.com', usable: true }] },
      untriedCount: 4,
    },
    { answer: { can: false }, near: { registry: 'ghcr.io/acme-corp', instead: 'ghcr.io/acme' } },
    { answer: { can: true }, near: { registry: 'https://index.docker.io/v1', instead: 'https://index.docker.io/v1/' } },
    { answer: { can: false, why: /must be lowercase/ }, instead: 'Registry.example.com/shop/cart:2', untriedCount: 0 },
  ])
  t.strictSame(
    secrets[0]?.entries.map(({ works, why }) => [works, why]),
    [
      [true, undefined],
      [true, undefined],
      [false, 'no image matches it; write "https://index.docker.io/v1/"'],
      [false, 'Docker keeps it in the store "desktop"'],
      [false, 'only an identity token; Kubernetes reads none'],
    ],
  )
  t.notMatch(JSON.stringify({ images, secrets }), 'not-a-')
})

t.test('entries are tried longest path first, then as the Secrets come', async t => {
  const one = secretOf('one', { auths: { 'ghcr.io': GOOD, 'ghcr.io/acme': GOOD } })
  const two = secretOf('two', { auths: { 'ghcr.io': {}, 'ghcr.io/acme/web': GOOD } })
  const { images } = look(list(one, two), 'ghcr.io/acme/web')
  t.strictSame(
    images[0]?.answer.attempts.map(({ secret, registry }) => `${secret} ${registry}`),
    ['two ghcr.io/acme/web', 'one ghcr.io/acme', 'one ghcr.io', 'two ghcr.io'],
  )
  t.equal(images[0]?.untriedCount, 0)
  t.equal(images[0]?.near, undefined)
})

t.test('of each entry that is not tried is said why', async t => {
  const auths = {
    'docker.io/acme': GOOD,
    'https://index.docker.io/v1/': GOOD,
    'https://index.docker.io/v1/access-token': GOOD,
    'hub.docker.com': GOOD,
    'ghcr.io': GOOD,
    'quay.io/acme': { username: 'joe' },
    'a b': GOOD,
  }
  const config = { auths, credHelpers: { 'gcr.io': 'gcloud' }, credsStore: 'desktop' }
  const opaque = secretOf('opaque', { auths: { 'docker.io/acme/web': GOOD } }, { type: 'Opaque' })
  const { images } = look(list(secretOf('acme', config), opaque), 'acme/web')
  t.strictSame(
    images[0]?.untried.map(({ secret, registry, why }) => [secret, registry, why]),
    [
      ['acme', 'https://index.docker.io/v1/', "Docker Hub's entry is tried only where no other entry matches"],
      ['acme', 'hub.docker.com', 'no image matches it; write "https://index.docker.io/v1/"'],
      ['acme', 'ghcr.io', 'it is for ghcr.io/…'],
      ['acme', 'quay.io/acme', 'it is for quay.io/acme…, and of no use there: no password'],
      ['acme', 'a b', 'no image matches it'],
      ['acme', 'gcr.io', 'it only names the credential helper "gcloud", which Kubernetes does not ask'],
      ['opaque', 'docker.io/acme/web', 'Kubernetes does not use this Secret'],
    ],
  )
})

t.test('a Secret of no use says why, and one that cannot be read stops everything', async t => {
  const copied = { metadata: { name: 'copied', annotations: { 'replicator.v1.mittwald.de/replicate-from': 'x/y' } } }
  const { secrets, images } = look(
    list(secretOf('empty', {}), secretOf('copied', '', copied), { kind: 'Secret', metadata: { name: 'other' } }),
    'registry.example.com/a',
  )
  t.strictSame(
    secrets.map(({ name, type, problem }) => [name, type, problem]),
    [
      ['empty', 'kubernetes.io/dockerconfigjson', 'holds no usable credentials'],
      ['copied', 'kubernetes.io/dockerconfigjson', 'is filled by another program; nobody can say with what'],
      ['other', 'Opaque', 'has type Opaque, so Kubernetes does not use it'],
    ],
  )
  t.equal(images[0]?.answer.can, undefined)

  const broken = list(secretOf('good', { auths: { 'ghcr.io': GOOD } }), secretOf('bad', '{'))
  t.match(look(broken, 'ghcr.io/a').images, [
    { answer: { can: false, why: 'Secret "bad" is broken; Kubernetes then pulls nothing' }, untriedCount: 0 },
  ])
  t.match(look('{"auths": [', 'nginx').secrets, [{ problem: 'is broken (it is not JSON)' }])
})

t.test('what has expired is known by its token', async t => {
  const token = `e30.${btoa(JSON.stringify({ exp: NOW / 1000 - 7200 })).replaceAll('=', '')}.c2ln`
  const { images, secrets } = look({ auths: { 'ghcr.io': { username: 'joe', password: token } } }, 'ghcr.io/a')
  t.match(images, [{ answer: { can: false, attempts: [{ how: 'expired 2 hours ago', usable: false }] } }])
  t.match(secrets, [{ entries: [{ why: 'it expired 2 hours ago' }] }])
})

t.test('much is counted, and too much is said to be so', async t => {
  const auths = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`r${i}.example.com`, GOOD]))
  const { images, secrets } = look({ auths }, 'nginx')
  t.match([images[0]?.untried.length, images[0]?.untriedCount], [50, 300])
  t.match([secrets[0]?.entries.length, secrets[0]?.entryCount], [100, 300])

  const globs = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`*${i}.*.com/${i}`, GOOD]))
  const text = Array.from({ length: 100 }, (_, i) => `a.b${i}.com/x`).join('\n')
  t.match(look({ auths: globs }, text).images.at(-1)?.answer, {
    can: undefined,
    why: /more than this page works through/,
  })
})
