import t from 'tap'
import { ApiError } from '../../src/kube/api-error.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { Publication } from '../../src/tls/publication.ts'
import { FakeClock } from '../runtime/fake-clock.ts'
import { CONFIGURATIONS, FakeObjects } from './fake-objects.ts'

const { signal } = new AbortController()
const [first, second] = [await issueCertificate(['a']), await issueCertificate(['b'])]
const ignore = () => undefined

t.test('a CA is published in every webhook, known since then, and settled after a while', async t => {
  const fake = new FakeObjects()
  const objects = {
    clockSkew: 0,
    get: (path: string) => fake.get(path),
    replace: (path: string, object: unknown) => fake.replace(path, object),
  }
  const clock = new FakeClock()
  const log = { info: ignore, warn: ignore, error: ignore }
  const publication = new Publication({ objects, configuration: 'regcred', clock, log })
  t.equal(await publication.publish([first.ca], signal), true)
  for (const bundle of fake.bundles) t.equal(bundle.length, 1)
  t.strictSame([...publication.timesToSettle(1000).values()], [1000])
  clock.advance(400)
  t.equal(await publication.publish([first.ca, second.ca], signal), true)
  t.strictSame([...publication.timesToSettle(1000).values()], [600, 1000])
  t.equal(await publication.publish([second.ca], signal), true)
  t.equal(publication.bundled.length, 2)
  t.strictSame([...publication.timesToSettle(1000).keys()], [second.ca])

  // Somebody takes it out: it is known anew, and later.
  const [path = ''] = CONFIGURATIONS
  fake.put(path, Object(new FakeObjects().objects.get(path)))
  clock.advance(1000)
  t.equal(await publication.publish([second.ca], signal), true)
  t.strictSame([...publication.timesToSettle(1000).values()], [1000])
})

t.test('what it wrote it does not own any longer at the next look, and then it writes no more', async t => {
  const fake = new FakeObjects()
  const helm = { manager: 'helm', operation: 'Apply' }
  const mark = (path: string, managedFields: readonly object[]) => {
    const object = Object(fake.objects.get(path))
    fake.objects.set(path, { ...object, metadata: { ...object.metadata, managedFields } })
  }
  for (const path of CONFIGURATIONS) mark(path, [helm])
  const published = new Set<string>()
  // The API server marks who has changed a field.
  fake.options = {
    written(path) {
      if (!published.has(path)) mark(path, [helm, { manager: 'regcred', operation: 'Update' }])
      published.add(path)
    },
  }
  let writes = 0
  const objects = {
    clockSkew: 0,
    get: (path: string) => fake.get(path),
    replace: (path: string, object: unknown) => {
      writes += 1
      return fake.replace(path, object)
    },
  }
  const said: string[] = []
  const log = { info: (_: object, message: string) => said.push(message), warn: ignore, error: ignore }
  const publication = new Publication({ objects, configuration: 'regcred', clock: new FakeClock(), log })
  const owners = () => CONFIGURATIONS.map(path => Object(fake.objects.get(path)).metadata.managedFields.length)
  t.equal(await publication.publish([first.ca], signal), true)
  t.strictSame({ owners: owners(), writes }, { owners: [2, 2], writes: 2 })
  t.equal(await publication.publish([first.ca], signal), true)
  t.strictSame({ owners: owners(), writes }, { owners: [1, 1], writes: 4 })
  t.equal(await publication.publish([first.ca], signal), true)
  t.equal(writes, 4)
  t.equal(said.length, 2, 'that it was published, and nothing of owners')
})

t.test('where somebody else writes meanwhile, nothing is known', async t => {
  const fake = new FakeObjects()
  const objects = { clockSkew: 0, get: (path: string) => fake.get(path), replace: async () => false }
  const log = { info: ignore, warn: ignore, error: ignore }
  const publication = new Publication({ objects, configuration: 'regcred', clock: new FakeClock(), log })
  t.equal(await publication.publish([first.ca], signal), false)
  t.strictSame([...publication.timesToSettle(1000)], [])
  t.strictSame(publication.bundled, [])
})

t.test('one configuration that is missing does not keep the other from being written; it is told of once', async t => {
  const fake = new FakeObjects()
  const [mutating = '', validating = ''] = CONFIGURATIONS
  const before = fake.objects.get(mutating)
  const warnings: unknown[] = []
  const objects = {
    clockSkew: 0,
    get: (path: string) => fake.get(path),
    replace: (path: string, object: unknown) => fake.replace(path, object),
  }
  const log = { info: ignore, warn: (about: unknown) => void warnings.push(about), error: ignore }
  const publication = new Publication({ objects, configuration: 'regcred', clock: new FakeClock(), log })
  fake.objects.delete(mutating)
  await t.rejects(publication.publish([first.ca], signal), { name: 'ApiError' }, 'at first both are waited for')
  fake.put(mutating, Object(before))
  t.equal(await publication.publish([first.ca], signal), true)
  fake.objects.delete(mutating)
  fake.put(validating, Object(new FakeObjects().objects.get(validating)))
  t.equal(await publication.publish([first.ca], signal), true)
  t.equal(await publication.publish([first.ca], signal), true)
  t.strictSame(warnings, [{ configuration: 'mutatingwebhookconfigurations/regcred' }])
  t.match(fake.objects.get(validating), { webhooks: [{ clientConfig: { caBundle: /./ } }] })

  fake.put(mutating, Object(before))
  t.equal(await publication.publish([first.ca], signal), true, 'it is back')
  for (const bundle of fake.bundles) t.equal(bundle.length, 1)

  fake.objects.delete(mutating)
  fake.objects.delete(validating)
  await t.rejects(publication.publish([first.ca], signal), { name: 'ApiError' }, 'without both its name may be wrong')
  const refused = new ApiError('refused', { status: 403 })
  fake.options = {
    before() {
      throw refused
    },
  }
  await t.rejects(publication.publish([first.ca], signal), refused)
})
