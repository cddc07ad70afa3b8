import t from 'tap'
import { indexEntries, stepsToIndex } from '../../src/kubelet/entry-index.ts'
import type { ImageName } from '../../src/kubelet/image-name.ts'
import { parseImageName } from '../../src/kubelet/image-name.ts'
import { KubeletKeyring, lookup } from '../../src/kubelet/keyring.ts'
import type { Budget } from '../../src/runtime/budget.ts'
import { expectLessWithFewer } from './fewer-steps.ts'

const secret = (name: string, ...keys: string[]) => ({ name, entries: keys.map(key => ({ key, usable: true })) })
const nameOf = (image: string): ImageName => parseImageName(image) ?? { registry: '', path: '' }
const found = (secrets: ReturnType<typeof secret>[], image: string) =>
  lookup(secrets, nameOf(image)).map(({ secret, entry }) => `${secret.name} ${entry.key}`)

t.test('a key matches an image or it does not', async t => {
  const cases: [key: string, image: string, matches: boolean][] = [
    ['ghcr.io', 'ghcr.io/acme/web', true],
    ['https://ghcr.io/', 'ghcr.io/acme/web', true],
    ['ghcr.io/acme', 'ghcr.io/acme/web', true],
    ['ghcr.io/acme', 'ghcr.io/acme-evil/web', true],
    ['ghcr.io/acme/', 'ghcr.io/acme-evil/web', false],
    ['ghcr.io/v2/acme', 'ghcr.io/acme/web', true],
    ['ghcr.io:443', 'ghcr.io/acme/web', false],
    ['ghcr.io', 'ghcr.io:443/acme/web', false],
    ['GHCR.io', 'ghcr.io/acme/web', false],
    ['*.io', 'ghcr.io/acme/web', true],
    ['*.io/acme', 'ghcr.io/other/web', false],
    ['*.io:443', 'ghcr.io/acme/web', false],
    ['*', 'ghcr.io/acme/web', false],
    ['*.example.com', 'a.b.example.com/web', false],
    ['*.*.example.com', 'a.b.example.com/web', true],
    ['[fd00::1]:5000', '[fd00::1]:5000/web', true],
    ['[fd00::1]', '[fd00::1]/web', false],
    ['*', '[fd00::1]/web', true],
    ['[1:2]:5000', '[1:2]:5000/web', false],
    ['*:5000', '[1:2]:5000/web', false],
    ['https://index.docker.io/v1/', 'nginx', true],
    ['https://index.docker.io/v1', 'nginx', false],
    ['https://registry-1.docker.io', 'nginx', false],
    ['docker.io/library', 'nginx', true],
    ['index.docker.io', 'localhost/web', true],
    ['index.docker.io', 'ghcr.io/acme/web', false],
    ['gh cr.io', 'ghcr.io/acme/web', false],
  ]
  for (const [key, image, matches] of cases)
    t.equal(found([secret('s', key)], image).length > 0, matches, `${key} and ${image}`)
})

t.test('entries come in the order in which the kubelet tries them', async t => {
  const secrets = [
    secret('a', 'ghcr.io', '*.io', 'ghcr.io/acme'),
    secret('b', 'https://ghcr.io/acme/web', 'http://ghcr.io'),
  ]
  t.strictSame(found(secrets, 'ghcr.io/acme/web'), [
    'b https://ghcr.io/acme/web',
    'a ghcr.io/acme',
    'a ghcr.io',
    'b http://ghcr.io',
    'a *.io',
  ])
})

t.test('a Secret with many hosts has its turn as any other', async t => {
  const others = Array.from({ length: 40 }, (_, i) => `registry-${i}.example.com`)
  const many = secret('many', ...others, 'ghcr.io', 'ghcr.io/acme', 'index.docker.io')
  const few = secret('few', 'https://ghcr.io', 'ghcr.io/acme/web', 'index.docker.io')
  t.strictSame(found([many, few], 'ghcr.io/acme/web'), [
    'few ghcr.io/acme/web',
    'many ghcr.io/acme',
    'many ghcr.io',
    'few https://ghcr.io',
  ])
  t.strictSame(found([few, many], 'nginx'), ['few index.docker.io', 'many index.docker.io'])
  t.strictSame(found([many, few], 'registry-7.example.com/web'), ['many registry-7.example.com'])
  t.strictSame(found([many, few], 'registry-41.example.com/web'), [])
})

t.test('the key of Docker Hub counts only where nothing else matches', async t => {
  const hub = secret('hub', 'https://index.docker.io/v1/', 'index.docker.io')
  t.strictSame(found([hub], 'nginx'), ['hub https://index.docker.io/v1/', 'hub index.docker.io'])
  t.strictSame(found([hub, secret('other', 'docker.io')], 'nginx'), ['other docker.io'])
  t.strictSame(found([secret('port', 'index.docker.io:')], 'nginx'), [])
})

t.test('a credential carries its Secret', async t => {
  const holder = { ...secret('a', 'ghcr.io'), more: 1 }
  const [credential] = lookup([holder], nameOf('ghcr.io/acme/web'))
  t.equal(credential?.secret, holder)
  t.equal(credential?.entry, holder.entries[0])
})

t.test('no glob is tried on a host that no name server could know', async t => {
  const host = `${'a'.repeat(254)}.io`
  t.strictSame(found([secret('a', host, '*.io', `*${'a*'.repeat(1000)}.io`)], `${host}/web`), [])
})

t.test('ten thousand entries are looked through at once', async t => {
  const big = secret('big', ...Array.from({ length: 10_000 }, (_, at) => `*${at}.io`), 'ghcr.io')
  t.strictSame(found([big], 'ghcr.io/acme/web'), ['big ghcr.io'])
})

t.test('with fewer steps less is found, and nothing that is not there', async t => {
  const secrets = [secret('a', 'ghcr.io', '*.io'), secret('b', '*.io/acme'), secret('c', 'docker.io')]
  const find = (image: string, steps: Budget) =>
    new KubeletKeyring(secrets, steps).lookup(nameOf(image)).map(({ secret, entry }) => `${secret.name} ${entry.key}`)
  expectLessWithFewer(t, find)
})

t.test('what was parsed of keys is forgotten where there is too much of it, unless it is asked for', async t => {
  const entriesOf = (name: string) =>
    Array.from({ length: 250 }, (_, i) => ({ key: `*.${name}-${i}.example.com`, usable: true }))
  const [asked, left] = [entriesOf('asked'), entriesOf('left')]
  for (const entries of [asked, left]) indexEntries(entries)
  t.equal(stepsToIndex(left), 0)
  const others = Array.from({ length: 250 }, (_, i) => entriesOf(`other-${i}`))
  for (const entries of others) {
    indexEntries(entries)
    indexEntries(asked)
  }
  t.equal(stepsToIndex(asked), 0)
  t.ok(stepsToIndex(left) > 0)
  t.equal(indexEntries(left).globs.length, 250)
})
