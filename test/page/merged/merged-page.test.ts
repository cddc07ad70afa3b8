import t from 'tap'
import { mergedPageOf } from '../../../src/page/merged/merged-page.ts'
import type { ScanDocument } from '../../../src/scan/formats/scan-document.ts'
import { NOW, sample } from '../documents.ts'
import { mergedOf } from './merged-of.ts'

const CALM = {
  ...{ causes: [], waiting: [], notRead: [], secrets: [] },
  summary: { workloads: 4, willNotPull: 0, mayNotPull: 0, notes: 0, unused: 0 },
}
const calm = (cluster: string): ScanDocument => ({ ...sample(cluster), ...CALM })
const pageOf = (scans: readonly ScanDocument[], faults: readonly string[] = []) =>
  mergedPageOf(mergedOf(scans, faults), '0.1.0')

t.test('the verdict says how many clusters it is about', async t => {
  t.match(pageOf([sample('a'), sample('b'), calm('c')]), {
    verdict: '6 workloads in 2 of 3 clusters will not pull',
    grade: 'bad',
    subject: '3 clusters, 28 November 2026, 09:30 UTC',
  })
  const may = { ...calm('d'), summary: { ...CALM.summary, mayNotPull: 1 } }
  t.match(pageOf([may, calm('c')]), { verdict: '1 workload in 1 of 2 clusters may not pull', grade: 'doubtful' })
  t.match(pageOf([calm('c'), calm('d')]), { verdict: 'All 8 workloads can pull', grade: 'good' })
  t.match(pageOf([calm('c')], ['x']).verdict, 'Nothing found, but not everything was read')
})

t.test('five numbers, and the causes of all clusters with what expires soon', async t => {
  const { tiles, cards } = pageOf([sample('a'), sample('b'), calm('c')], ['cannot use x: it is not JSON'])
  t.strictSame(
    tiles.map(({ number, words }) => `${number} ${words}`),
    [
      '6 workloads will not pull',
      '14 workloads may not pull',
      '1 pull secrets expire within 14 days',
      '5 pull secrets are in more than one cluster',
      '3 namespaces or files could not be read',
    ],
  )
  t.strictSame(
    cards.slice(0, 4).map(({ where, code }) => [where, code]),
    [
      ['a, team-a', 'SecretNotFound'],
      ['b, team-a', 'SecretNotFound'],
      ['a, team-a', 'Waiting'],
      ['b, team-a', 'Waiting'],
    ],
  )
  t.match(
    cards.find(({ code }) => code === 'Expiring'),
    {
      where: 'a and b',
      problem: 'Secret "old-ghcr" for ghcr.io expires in 4 days, in 2 clusters',
    },
  )
})

t.test('what a file says is no command to copy', async t => {
  const [, cause] = sample().causes
  const wrong = {
    ...(cause as ScanDocument['causes'][number]),
    advice: 'do this: kubectl delete namespace kube-system',
  }
  const [card] = pageOf([{ ...sample(), causes: [wrong], waiting: [] }]).cards
  t.match(card, { command: '', advice: 'Do this: kubectl delete namespace kube-system' })
})

t.test('two tables: clusters, and pull secrets with how many clusters each is in', async t => {
  const [clusters, secrets] = pageOf([sample('a'), { ...calm('c'), generatedAt: 'then' }]).tables
  t.strictSame(
    clusters?.rows.map(({ grade, cells }) => [grade, ...cells]),
    [
      ['error', 'a', '413', '3', '7', '1', '28 November 2026, 09:30 UTC'],
      ['none', 'c', '4', '0', '0', '0', 'does not say'],
    ],
  )
  t.match(secrets?.rows[0]?.cells, ['ecr', /amazonaws/, '3 days ago', '1: a', '1'])
  t.match(secrets?.after, /probably one login\. User names are not compared\.$/)
  const may = { ...calm('d'), summary: { ...CALM.summary, mayNotPull: 1 } }
  t.equal(pageOf([may]).tables[0]?.rows[0]?.grade, 'warning')
})

t.test('very many clusters, pull secrets and files are counted, and the CSV has them', async t => {
  const scans = Array.from({ length: 310 }, (_, i) => sample(`cluster-${i}`))
  const faults = Array.from({ length: 60 }, (_, i) => `cannot use ${i}`)
  const page = pageOf(scans, faults)
  t.equal(page.tables[0]?.after, '10 more: the CSV has all.')
  t.equal(page.cards.length, 100)
  t.match(page.moreCards, /^1,?\d\d\d more causes: the page of each cluster has its own\.$/)
  t.ok(page.unknown.includes('10 more files that could not be used.'))
  t.match(page.tables[1]?.rows[0]?.cells[3], '310: cluster-0, cluster-1, cluster-2, cluster-3, cluster-4 and 305 more')
  t.match(page.downloads[0]?.text, /\ncluster-309,413,3,7,5,1,2026-11-28T09:30:00.000Z\n/)
  t.match(page.downloads[1]?.text, /\necr,1234.*,2026-11-25T07:06:00.000Z,310,310,"cluster-0, /)
  t.match(page.downloads[1]?.text, /\nacme,registry\.example\.com,,310,310,/)
  const secrets = Array.from({ length: 100_002 }, (_, i) => ({ ...sample().secrets[0], secret: `s${i}` }))
  const { tables } = pageOf([{ ...calm('c'), secrets: secrets as ScanDocument['secrets'] }])
  t.match(tables[1]?.after, '99,700 more: -o json has all. 2 pull secrets more than can be told apart. ')
})

t.test('it says which scan is the oldest, and which clusters were not read whole', async t => {
  const { unknown } = pageOf([sample('a'), { ...calm('c'), generatedAt: new Date(NOW - 9e8).toISOString() }])
  t.ok(unknown.includes('All namespaces of a: some could not be read.'))
  t.ok(unknown.includes('What has changed since the scans, the oldest of which is of 17 November 2026, 23:30 UTC.'))
  const { unknown: none } = pageOf([{ ...calm('c'), generatedAt: '' }])
  t.notOk(none.some(sentence => /oldest/.test(sentence)))
  const csv = pageOf([{ ...calm('c'), generatedAt: '' }]).downloads[0]?.text
  t.match(csv, '\nc,4,0,0,0,0,\n')
})
