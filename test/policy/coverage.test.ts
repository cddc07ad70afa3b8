import t from 'tap'
import { hasExpired, keyringOf } from '../../src/policy/coverage.ts'
import { UNKNOWN } from '../../src/policy/known.ts'
import { configured, expiredSecret, HOST, NOW, type PodTweak, podCase, pullSecret } from './pod-case.ts'

const unusable = { ...pullSecret('anonymous'), entries: [{ key: HOST, usable: false }] }

/** The first image of a Pod, by what its references do for it. */
function coverOf(tweak: PodTweak) {
  const { facts, listed } = podCase(tweak)
  const [use] = facts.images
  return use === undefined ? undefined : listed.cover(use)
}

const cases: readonly (PodTweak & { readonly name: string; readonly coverage: string })[] = [
  { name: 'no reference', coverage: 'uncovered' },
  { name: 'an entry for it', references: ['a'], secrets: { a: pullSecret('a', HOST) }, coverage: 'covered' },
  {
    name: 'an entry for another registry',
    references: ['a'],
    secrets: { a: pullSecret('a', 'ghcr.io') },
    coverage: 'uncovered',
  },
  {
    name: 'an entry without a user name',
    references: ['anonymous'],
    secrets: { anonymous: unusable },
    coverage: 'uncovered',
  },
  {
    name: 'an entry that has expired',
    references: ['old'],
    secrets: { old: expiredSecret('old') },
    coverage: 'expired',
  },
  {
    name: 'one that has expired before one that has not',
    references: ['old', 'a'],
    secrets: { old: expiredSecret('old'), a: pullSecret('a', HOST) },
    coverage: 'covered',
  },
  { name: 'a Secret that is missing', references: ['gone'], coverage: 'uncovered' },
  {
    name: 'a Secret that the kubelet skips',
    references: ['opaque'],
    secrets: { opaque: { kind: 'wrongType', name: 'opaque', type: 'Opaque' } },
    coverage: 'uncovered',
  },
  {
    name: 'a Secret of which nothing is known',
    references: ['a'],
    secrets: { a: UNKNOWN },
    coverage: 'unknown',
  },
  {
    name: 'a Secret of which nothing is known, beside an entry for it',
    references: ['a', 'b'],
    secrets: { a: UNKNOWN, b: pullSecret('b', HOST) },
    coverage: 'covered',
  },
  {
    name: 'a Secret of which nothing is known, beside one that has expired',
    references: ['a', 'old'],
    secrets: { a: UNKNOWN, old: expiredSecret('old') },
    coverage: 'unknown',
  },
  {
    name: 'no reference, where only names are received',
    settings: { view: { secrets: 'names' } },
    coverage: 'unknown',
  },
  {
    name: 'no reference, of a Pod that is still to get those of an unknown ServiceAccount',
    traits: { form: 'written' },
    facts: { serviceAccount: UNKNOWN },
    coverage: 'unknown',
  },
  {
    name: 'no reference, of a Pod that is still to get what matches, and that could not be read',
    traits: { form: 'written' },
    facts: { matchesUnknown: true },
    coverage: 'unknown',
  },
  {
    name: 'no reference, of a Pod that has all that it will get',
    facts: { serviceAccount: UNKNOWN, matchesUnknown: true },
    coverage: 'uncovered',
  },
  {
    name: 'an image name that does not parse',
    images: ['UPPER'],
    settings: { view: { secrets: 'names' } },
    coverage: 'uncovered',
  },
]

for (const { name, coverage, ...tweak } of cases) {
  t.test(`coverage by ${name}: ${coverage}`, async t => t.equal(coverOf(tweak)?.coverage, coverage))
}

t.test('every entry that matches is told, in the order of the kubelet', async t => {
  const secrets = { a: pullSecret('a', HOST), b: pullSecret('b', `${HOST}/acme`), c: pullSecret('c', 'ghcr.io') }
  const cover = coverOf({ references: ['a', 'b', 'c'], secrets })
  t.strictSame(
    cover?.credentials.map(({ secret, entry }) => `${secret.name} ${entry.key}`),
    [`b ${HOST}/acme`, `a ${HOST}`],
  )
})

t.test('a keyring is that of the names it is made of, and of no others', async t => {
  const pod = podCase({ references: ['a'], written: configured('b'), secrets: { a: pullSecret('a', HOST) } })
  t.strictSame(keyringOf(['b'], pod).secrets, [])
  t.strictSame(
    keyringOf(['b', 'a'], pod).secrets.map(({ name }) => name),
    ['a'],
  )
})

t.test('an entry expires at its time, or never', async t => {
  const entry = { key: HOST, usable: true }
  t.notOk(hasExpired(entry, NOW))
  t.notOk(hasExpired({ ...entry, expires: NOW + 1 }, NOW))
  t.ok(hasExpired({ ...entry, expires: NOW }, NOW))
})
