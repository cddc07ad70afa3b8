import t from 'tap'
import type { PodAssessment } from '../../src/engine/assess-subject.ts'
import { type TenantPod, Tenants } from './tenants.ts'

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

t.test('a small Pod with many names is one list of its namespace, and all its names are known by it', async t => {
  const tenants = new Tenants()
  for (const stage of ['mutating', 'stored'] as const) {
    tenants.requests.length = 0
    const assessed = tenants.assess('tenant-0', { references: names(100, 'gone'), stage })
    await tenants.pass(2000)
    const { unknown, findings } = await assessed
    t.strictSame(unknown, [])
    t.equal(tenants.requests.length, 3)
    if (stage === 'stored') t.equal(findings.filter(({ code }) => code === 'SecretNotFound').length, 100)
  }
})

t.test('three names are read each by itself', async t => {
  const tenants = new Tenants()
  const assessed = tenants.assess('tenant-0', { references: names(3, 'gone') })
  await tenants.pass(1000)
  t.strictSame((await assessed).unknown, [])
  t.equal(tenants.requests.length, 3)
})

/** Pods that cost the most reads of one kind or another. */
const worst: Readonly<Record<string, (i: number) => TenantPod>> = {
  'a hundred names': i => ({ references: names(100, `gone-${i}`) }),
  'three names': i => ({ references: names(3, `gone-${i}`) }),
  'images that match nothing': i => ({ images: names(20, `registry.example.com/a${i}`), stage: 'mutating' }),
  'another ServiceAccount each': i => ({ serviceAccountName: `robot-${i}`, references: names(3, `gone-${i}`) }),
  'those of controllers': i => ({ references: names(3, `gone-${i}`), isControlled: true }),
}

interface Load {
  readonly perSecond: number
  readonly podOf: (i: number) => TenantPod
  /** Over which the one tenant spreads its Pods. */
  readonly namespaces?: number
  /** That the API server needs for a request. */
  readonly milliseconds?: number
}

/** How many of 40 wrong Pods of one tenant are known to be wrong while another does his worst. */
async function countKnown({ perSecond, podOf, namespaces = 1, milliseconds = 20 }: Load): Promise<number> {
  // A megabyte in each list of the one, nothing in that of the other.
  const tenants = new Tenants(milliseconds, namespace => (namespace === 'tenant-99' ? 0 : 1024 ** 2))
  const hostile: Promise<PodAssessment>[] = []
  const others: Promise<PodAssessment>[] = []
  for (let ms = 0; ms < 5000; ms += 1) {
    while (hostile.length <= (ms * perSecond) / 1000) {
      hostile.push(tenants.assess(`tenant-${hostile.length % namespaces}`, podOf(hostile.length)))
    }
    // By then the one has spent what there was to begin with.
    if (ms >= 1000 && ms % 100 === 0) {
      const isControlled = others.length % 4 === 3
      others.push(tenants.assess('tenant-99', { references: [`wrong-${others.length}`], isControlled }))
    }
    await tenants.pass(1)
  }
  await tenants.pass(5000)
  await Promise.all(hostile)
  return (await Promise.all(others)).filter(({ unknown }) => unknown.length === 0).length
}

for (const [name, podOf] of Object.entries(worst)) {
  for (const perSecond of [2, 15, 30]) {
    t.test(`${perSecond} Pods a second of one tenant take nothing from another: ${name}`, async t => {
      t.equal(await countKnown({ perSecond, podOf }), 40)
    })
  }
}

t.test('nor do 300 Pods a second, nor 30 in each of ten namespaces', async t => {
  const podOf = (i: number) => ({ references: names(3, `gone-${i}`) })
  t.equal(await countKnown({ perSecond: 300, podOf }), 40)
  t.equal(await countKnown({ perSecond: 300, podOf, namespaces: 10 }), 40)
})

t.test(
  'nor does an API server that needs more than a second for each request let any through that is refused',
  async t => {
    const podOf = (i: number) => ({ references: names(3, `gone-${i}`) })
    t.equal(await countKnown({ perSecond: 30, podOf, milliseconds: 1200 }), 30, 'those of people: three of four')
  },
)

t.test(
  'more names of one namespace than may be read by themselves, of however many Pods, are one list of it',
  async t => {
    const tenants = new Tenants()
    const assessed = names(100, 'gone').map(name => tenants.assess('tenant-0', { references: [name] }))
    await tenants.pass(2000)
    for (const { unknown, findings } of await Promise.all(assessed)) {
      t.strictSame(unknown, [])
      t.ok(findings.some(({ code }) => code === 'SecretNotFound'))
    }
    t.equal(tenants.requests.length, 16 + 3, 'sixteen by name, and the others at once')
  },
)
