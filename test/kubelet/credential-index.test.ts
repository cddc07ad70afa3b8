import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CredentialIndex } from '../../src/kubelet/credential-index.ts'
import { indexEntries } from '../../src/kubelet/entry-index.ts'
import { type ImageName, parseImageName } from '../../src/kubelet/image-name.ts'
import { lookup } from '../../src/kubelet/keyring.ts'
import type { PullSecret } from '../../src/kubelet/secret.ts'
import { KEY_STEPS } from '../../src/kubelet/steps.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { expectLessWithFewer } from './fewer-steps.ts'

const KEYS = [
  'ghcr.io',
  'https://ghcr.io',
  'ghcr.io/acme',
  '*.io',
  '*',
  'localhost',
  'docker.io',
  'docker.io/acme',
  'index.docker.io',
  'a b',
]
const IMAGES = [
  'ghcr.io/acme/web',
  'ghcr.io/x',
  'quay.io/x',
  'nginx',
  'localhost/x',
  'localhost:5000/x',
  '[1:2]/x',
  `${'A'.repeat(254)}/x`,
]

const nameOf = (image: string): ImageName => parseImageName(image) ?? { registry: '', path: '' }
const secret = (name: string, keys: readonly string[]): PullSecret => ({
  kind: 'pullSecret',
  name,
  entries: keys.map(key => ({ key, usable: true })),
  generated: false,
})

t.test('an index finds what trying each Secret alone would find', async () => {
  const change = fc.record({
    removes: fc.boolean(),
    name: fc.constantFrom('a', 'b', 'c'),
    keys: fc.array(fc.constantFrom(...KEYS), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(fc.array(change), changes => {
      const index = new CredentialIndex()
      const held = new Map<string, PullSecret>()
      for (const { removes, name, keys } of changes) {
        if (removes) {
          index.remove({ name })
          held.delete(name)
        } else {
          const added = secret(name, keys)
          index.add(added)
          held.set(name, added)
        }
        const wrong = IMAGES.filter(image => {
          const name = nameOf(image)
          const expected = [...held.values()].flatMap(one => lookup([one], name))
          const found = new Set(index.find(name).map(({ entry }) => entry))
          return found.size !== expected.length || expected.some(({ entry }) => !found.has(entry))
        })
        assert.deepEqual(wrong, [])
      }
    }),
    { numRuns: 50 },
  )
})

t.test('an index does not grow with what was taken out', async t => {
  const index = new CredentialIndex()
  const one = secret('a', ['ghcr.io', '*.io'])
  index.add(one)
  t.strictSame(
    index.find(nameOf('ghcr.io/x')).map(({ secret, entry }) => [secret, entry.key]),
    [
      [one, 'ghcr.io'],
      [one, '*.io'],
    ],
  )
  index.remove(one)
  index.remove(one)
  t.strictSame(index.find(nameOf('ghcr.io/x')), [])
})

t.test('with fewer steps less is found, and nothing that is not there', async t => {
  const secrets = [secret('a', ['ghcr.io', '*.io']), secret('b', ['*.io/acme']), secret('c', ['docker.io'])]
  const find = (image: string, steps: Budget) => {
    const index = new CredentialIndex()
    for (const each of secrets) index.add(each)
    return index.find(nameOf(image), steps).map(({ secret, entry }) => `${secret.name} ${entry.key}`)
  }
  expectLessWithFewer(t, find)
})

t.test('an index tells about what it takes', async t => {
  const index = new CredentialIndex()
  const empty = index.bytes
  const secret = (name: string, keys: readonly string[]): PullSecret => ({
    kind: 'pullSecret',
    name,
    entries: keys.map(key => ({ key, usable: true })),
    generated: false,
  })
  index.add(secret('a', ['ghcr.io', 'quay.io', '*.io']))
  const first = index.bytes
  index.add(secret('b', ['ghcr.io']))
  const both = index.bytes
  t.ok(both > first && first > empty)
  t.ok(both - first < (first - empty) / 2, 'a host that is there already takes less')
  index.add(secret('b', ['ghcr.io']))
  t.equal(index.bytes, both)
  index.remove({ name: 'b' })
  t.equal(index.bytes, first)
  index.remove({ name: 'a' })
  t.equal(index.bytes, empty)
})

t.test('what was parsed of keys and is forgotten costs steps when it is parsed again', async t => {
  const secretOf = (name: string): PullSecret => ({
    ...{ kind: 'pullSecret', name, generated: false },
    entries: Array.from({ length: 250 }, (_, i) => ({ key: `*.${name}-${i}.example.com`, usable: true })),
  })
  const index = new CredentialIndex()
  for (const name of ['a', 'b']) index.add(secretOf(name))
  const image = parseImageName('x.a-1.example.com/web') as ImageName
  const stepsToFind = () => {
    const budget = new Budget()
    t.equal(index.find(image, budget).length, 1)
    return budget.steps
  }
  stepsToFind()
  const known = stepsToFind()
  for (let i = 0; i < 250; i += 1) indexEntries(secretOf(`other-${i}`).entries)
  const forgotten = stepsToFind()
  t.ok(forgotten > known + 250 * KEY_STEPS, `${forgotten} steps against ${known}`)
  t.equal(stepsToFind(), known)
})

t.test('what it would cost to index many globs is not worked out for who cannot pay', async t => {
  const index = new CredentialIndex()
  for (let i = 0; i < 1000; i += 1) index.add(globSecret(`s${i}`, `*.r${i}.example.com`))
  const image = { registry: 'a.r1.example.com', path: 'web' }
  let asked = 0
  /** Has so many steps. */
  const counter = (left: number) => ({
    spend: (steps: number) => {
      asked += 1
      left -= steps
      return left >= 0
    },
  })
  t.strictSame(index.find(image, counter(1000)), [])
  t.equal(asked, 2, 'the lookup, and the globs by their number')
  asked = 0
  t.strictSame(index.find(image, counter(12_300)), [])
  t.ok(asked > 10 && asked < 500, 'no further than it goes')
  t.equal(index.find(image, counter(1e6)).length, 1)
})

function globSecret(name: string, key: string): PullSecret {
  return { kind: 'pullSecret', name, generated: false, entries: [{ key, usable: true }] }
}
