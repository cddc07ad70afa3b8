import t from 'tap'
import { PullSecrets } from '../../src/scan/pull-secrets.ts'
import { secret, tokenUntil } from '../commands/scan/objects.ts'

const NOW = Date.parse('2026-11-28T00:00:00Z')
const DAY_MS = 86_400_000

function noted(...objects: readonly unknown[]): PullSecrets {
  const secrets = new PullSecrets({ now: NOW, expiring: 14 * DAY_MS })
  for (const object of objects) secrets.note(object)
  return secrets
}

/** A pull secret for these registries, each with a password. */
function forRegistries(name: string, registries: Readonly<Record<string, string>>) {
  const auths = Object.fromEntries(
    Object.entries(registries).map(([key, password]) => [key, { username: 'jane', password }]),
  )
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') }
  return { ...secret(name), data }
}

t.test('a pull secret has its registries, and expires with the first of its entries', async t => {
  const [one, two] = [tokenUntil(NOW + 20 * DAY_MS), tokenUntil(NOW + 3 * DAY_MS)]
  const { names, all, expiring } = noted(forRegistries('a', { 'ghcr.io': one, 'quay.io': two, 'x.example.com': 'p' }))
  t.strictSame([...names], ['a'])
  const registries = ['ghcr.io', 'quay.io', 'x.example.com']
  t.strictSame(all, [{ secret: 'a', registries, registryCount: 3, expires: NOW + 3 * DAY_MS }])
  t.strictSame(expiring, [{ secret: 'a', registry: 'quay.io', expires: NOW + 3 * DAY_MS }])
})

t.test('one that has expired says when, and does not expire soon', async t => {
  const { all, expiring } = noted(forRegistries('a', { 'ghcr.io': tokenUntil(NOW - DAY_MS) }))
  t.match(all, [{ expires: NOW - DAY_MS }])
  t.strictSame(expiring, [])
})

t.test('one that cannot be read has no registry', async t => {
  const broken = { ...secret('a'), data: { '.dockerconfigjson': Buffer.from('{').toString('base64') } }
  const none = { registries: [], registryCount: 0, expires: undefined }
  t.strictSame(noted(broken, { ...secret('b'), data: 5 }).all, [
    { secret: 'a', ...none },
    { secret: 'b', ...none },
  ])
})

t.test('of very many registries, and very long ones, only so much is kept; and never a user or a password', async t => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`r${i}.example.com`, 'hunter2']))
  const long = { [`https://user:hunter2@${'x'.repeat(600_000)}.example.com`]: 'hunter2' }
  const { all } = noted(forRegistries('a', many), forRegistries('b', long))
  t.match(all, [{ registryCount: 5000 }, { registryCount: 1 }])
  t.equal(all[0]?.registries.length, 20)
  t.ok(JSON.stringify(all).length < 2000)
  t.notMatch(JSON.stringify(all), /hunter2|jane|user/)
})
