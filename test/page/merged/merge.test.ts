import t from 'tap'
import type { ScanDocument } from '../../../src/scan/formats/scan-document.ts'
import { HOSTILE, hostile, NOW, sample } from '../documents.ts'
import { mergedOf } from './merged-of.ts'

type Secret = ScanDocument['secrets'][number]

const secret = (name: string, parts: Partial<Secret> = {}): Secret => {
  const nobody = { expires: null, named: [], usedBy: 0 }
  return { namespace: 'a', secret: name, registries: ['ghcr.io'], registryCount: 1, ...nobody, ...parts }
}
const scan = (cluster: string | null, parts: Partial<ScanDocument> = {}): ScanDocument => ({
  ...sample(),
  cluster,
  ...parts,
})
const at = (milliseconds: number) => new Date(milliseconds).toISOString()

t.test(
  'a pull secret of one name for the same registries is one, with its clusters, places and soonest expiry',
  async t => {
    const { credentials } = mergedOf([
      scan('a', { secrets: [secret('x', { expires: at(9000) }), secret('x', { namespace: 'b', expires: at(5000) })] }),
      scan('b', {
        secrets: [secret('x'), secret('x', { registries: ['quay.io'] }), secret('z', { expires: at(7000) })],
      }),
      scan('c', { secrets: [secret('x', { registries: ['quay.io'] }), secret('y', { expires: 'soon' })] }),
      scan('d', { secrets: [secret('x', { registries: ['quay.io'] })] }),
    ])
    t.strictSame(
      credentials.map(one => [
        one.secret,
        one.registries[0],
        one.clusters.join(),
        one.clusterCount,
        one.places,
        one.expires,
      ]),
      [
        ['x', 'ghcr.io', 'a,b', 2, 3, 5000],
        ['z', 'ghcr.io', 'b', 1, 1, 7000],
        ['x', 'quay.io', 'b,c,d', 3, 3, undefined],
        ['y', 'ghcr.io', 'c', 1, 1, undefined],
      ],
    )
  },
)

t.test('the order of registries does not matter', async t => {
  const [one] = [
    ['a.io', 'b.io'],
    ['b.io', 'a.io'],
  ].map(registries => secret('x', { registries, registryCount: 2 }))
  const two = secret('x', { registries: ['b.io', 'a.io'], registryCount: 2 })
  t.equal(mergedOf([scan('a', { secrets: [one as Secret] }), scan('b', { secrets: [two] })]).credentials.length, 1)
})

t.test('clusters have a name each: that of the kubeconfig, of the file, or of both', async t => {
  const { clusters } = mergedOf([
    scan('kubernetes'),
    scan(null),
    scan('kubernetes'),
    scan('kubernetes (file-2)'),
    scan('kubernetes (file-2)'),
  ])
  t.strictSame(clusters.map(({ cluster }) => cluster).sort(), [
    'file-1',
    'kubernetes',
    'kubernetes (file-2)',
    'kubernetes (file-2) (file-3)',
    'kubernetes (file-2) (file-4)',
  ])
  const again = mergedOf([scan('a'), scan('a (file-2)'), scan('a')])
  t.strictSame(again.clusters.map(({ cluster }) => cluster).sort(), ['a', 'a (file-2)', 'a (file-2) 3'])
})

t.test('clusters where most will not pull come first', async t => {
  const with_ = (cluster: string, willNotPull: number, mayNotPull: number) =>
    scan(cluster, { summary: { workloads: 9, willNotPull, mayNotPull, notes: 0, unused: 0 } })
  const { clusters } = mergedOf([with_('d', 0, 0), with_('c', 0, 0), with_('b', 0, 3), with_('a', 1, 0)])
  t.strictSame(
    clusters.map(({ cluster }) => cluster),
    ['a', 'b', 'c', 'd'],
  )
})

t.test('of very many causes the most urgent are kept, and all are counted', async t => {
  const [wrong] = sample().causes
  const note = { ...(wrong as ScanDocument['causes'][number]), level: 'note' as const }
  const notes = Array.from({ length: 300 }, () => note)
  const { causes, causeCount } = mergedOf([scan('a', { causes: notes, waiting: [] }), scan('b')])
  t.equal(causeCount, 300 + sample().causes.length + 1)
  t.equal(causes.length, 100)
  t.match(causes.slice(0, 2), [
    { cluster: 'b', grade: 'error', code: 'SecretNotFound' },
    { cluster: 'b', grade: 'error', code: 'Waiting', message: /^Pods wait/ },
  ])
})

t.test('of very many and very long names only so much is kept', async t => {
  for (const word of HOSTILE) {
    const { causes, clusters, credentials } = mergedOf([hostile(word), hostile(word)])
    t.ok(JSON.stringify([causes, clusters, credentials]).length < 100_000)
    t.equal(clusters.length, 2)
  }
  const secrets = Array.from({ length: 100_005 }, (_, i) => secret(`s${i}`))
  const { credentials, credentialsLeftOut } = mergedOf([scan('a', { secrets }), scan('b', { secrets: [secret('s0')] })])
  t.strictSame([credentials.length, credentialsLeftOut, credentials[0]?.clusterCount], [100_000, 5, 2])
  const many = Array.from({ length: 1003 }, (_, i) => scan(`c${i}`, { secrets: [secret('x')], causes: [] }))
  const [one] = mergedOf(many).credentials
  t.strictSame([one?.clusters.length, one?.clusterCount], [1000, 1003])
  t.equal(mergedOf([], [], NOW).clusters.length, 0)
})
