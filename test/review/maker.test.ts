import { readFileSync } from 'node:fs'
import t from 'tap'
import { makerIn, type Owner, ownerOf } from '../../src/review/maker.ts'
import { makerCases, SETTINGS } from './maker-cases.ts'

const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true }
const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', controller: true }

for (const [name, settings] of Object.entries(SETTINGS)) {
  t.test(`an owner and a requester decide whose an object is: ${name}`, async t => {
    const decide = makerIn(settings)
    const cases = makerCases(settings)
    t.ok(cases.length >= 30)
    const decided = cases.map(({ name, owners, requester }) => ({
      name,
      maker: decide(ownerOf({ ownerReferences: [...owners] }), requester),
    }))
    t.strictSame(
      decided,
      cases.map(({ name, maker }) => ({ name, maker })),
    )
  })
}

t.test('who has no name is a person', async t => {
  t.equal(makerIn({ builtin: [], trust: 'serviceAccounts' })('other', { username: undefined, groups: [] }), 'person')
})

t.test('the manual has the same table', async t => {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const rows = manual
    .slice(manual.indexOf('### Persons and controllers'))
    .split('\n')
    .filter(line => line.startsWith('|'))
    .slice(2, 5)
    .map(line =>
      line
        .split('|')
        .slice(2, -1)
        .map(cell => cell.trim()),
    )
  const columns = [
    ['system:kube-controller-manager', 'system:serviceaccount:openshift-infra:a', 'listed'],
    ['system:node:a'],
    ['system:serviceaccount:team-a:ci'],
    ['jane'],
  ]
  const trusting = makerIn({ builtin: ['listed'], trust: 'serviceAccounts' })
  const strict = makerIn({ builtin: ['listed'], trust: 'listed' })
  const owners: readonly Owner[] = ['none', 'builtIn', 'other']
  const cellOf = (owner: Owner, username: string) => {
    const [open, closed] = [trusting, strict].map(decide => decide(owner, { username, groups: [] }))
    return open === closed ? open : `${open}; ${closed} with \`trust: listed\``
  }
  const wanted = owners.map(owner =>
    columns.map(usernames => [...new Set(usernames.map(name => cellOf(owner, name)))].join(' or ')),
  )
  t.strictSame(rows, wanted)
})

t.test('an object without a controller owner has none', async t => {
  t.equal(ownerOf({}), 'none')
  t.equal(ownerOf({ ownerReferences: null }), 'none')
  t.equal(ownerOf({ ownerReferences: [{}, { ...REPLICA_SET, controller: null }] }), 'none')
})

t.test('an owner that says nothing of its kind is not a built-in one', async t => {
  t.equal(ownerOf({ ownerReferences: [{ controller: true }] }), 'other')
})

t.test('of several the built-in one counts, wherever it stands', async t => {
  t.equal(ownerOf({ ownerReferences: [ROLLOUT, REPLICA_SET] }), 'builtIn')
  t.equal(ownerOf({ ownerReferences: [REPLICA_SET, ROLLOUT] }), 'builtIn')
})
