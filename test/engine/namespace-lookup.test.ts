import t from 'tap'
import { NOTHING_CONFIRMED, ViewLookup } from '../../src/engine/namespace-lookup.ts'
import { ManifestView } from '../../src/manifests/view.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { IMAGE, podFacts } from '../policy/pod-case.ts'

const named = (name: string) => {
  const data = { '.dockerconfigjson': btoa('{"auths":{}}') }
  const object = { type: 'kubernetes.io/dockerconfigjson', metadata: { namespace: 'team-a', name }, data }
  return { file: '-', apiVersion: 'v1', kind: 'Secret', object }
}
const lookUp = (budget: Budget) =>
  new ViewLookup('team-a', new ManifestView([named('registry')]), NOTHING_CONFIRMED, budget, () => [])

t.test('an image without a name matches nothing, and costs nothing', async t => {
  const budget = new Budget()
  const [use] = podFacts({ images: ['Not An Image'] }).images
  t.strictSame(use && lookUp(budget).matches(use), [])
  t.equal(budget.steps, 0)
})

t.test('a similar name is looked for once, and not without steps', async t => {
  const budget = new Budget()
  const found = lookUp(budget)
  t.equal(found.nearName('registri')?.name, 'registry')
  const { steps } = budget
  t.equal(found.nearName('registri')?.name, 'registry')
  t.equal(budget.steps, steps)
  t.equal(lookUp(new Budget(0, 0)).nearName('registri'), undefined)
})

t.test('the names of a namespace are listed once for all that are missing', async t => {
  const view = new ManifestView([named('registry')])
  let lists = 0
  const counted = {
    secret: view.secret.bind(view),
    secretNames(namespace: string) {
      lists += 1
      return view.secretNames(namespace)
    },
  }
  const found = new ViewLookup(
    'team-a',
    Object.assign(Object.create(view), counted),
    NOTHING_CONFIRMED,
    new Budget(),
    () => [],
  )
  t.strictSame(
    ['registri', 'registr', 'other'].map(name => found.nearName(name)?.name),
    ['registry', 'registry', undefined],
  )
  t.equal(lists, 1)
})

t.test('without steps no credentials are found', async t => {
  const [use] = podFacts({ images: [IMAGE] }).images
  t.strictSame(use && lookUp(new Budget(0, 0)).matches(use), [])
})

t.test('what is no pull secret is not suggested', async t => {
  const opaque = {
    file: '-',
    apiVersion: 'v1',
    kind: 'Secret',
    object: { metadata: { namespace: 'team-a', name: 'registry' } },
  }
  const found = new ViewLookup('team-a', new ManifestView([opaque]), NOTHING_CONFIRMED, new Budget(), () => [])
  t.equal(found.nearName('registri'), undefined)
  const view = new ManifestView([named('registry')], { namespace: 'default', sparse: false, secrets: 'names' })
  const unread = new ViewLookup('team-a', view, NOTHING_CONFIRMED, new Budget(), () => [])
  t.equal(unread.nearName('registri')?.name, 'registry', 'unless nobody may look')
})

t.test('a similar name is found among what was read of the namespace as well', async t => {
  const registry = { kind: 'pullSecret', name: 'registry', entries: [], generated: false } as const
  const pullSecrets = { state: 'value', value: new Map([['registry', registry]]) } as const
  const found = new ViewLookup(
    'team-a',
    new ManifestView([]),
    { ...NOTHING_CONFIRMED, pullSecrets },
    new Budget(),
    () => [],
  )
  t.equal(found.nearName('registri')?.name, 'registry')
})
