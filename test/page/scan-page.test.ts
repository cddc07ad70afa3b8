import t from 'tap'
import { pageOf } from '../../src/page/scan-page.ts'
import type { ScanDocument } from '../../src/scan/formats/scan-document.ts'
import { NOW, sample } from './documents.ts'

const page = (parts: Partial<ScanDocument> = {}) => pageOf({ ...sample(), ...parts }, '0.1.0')

t.test('five numbers in words come first', async t => {
  const said = (parts?: Partial<ScanDocument>) => page(parts).tiles.map(({ number, words }) => `${number} ${words}`)
  t.strictSame(said(), [
    '3 workloads will not pull',
    '7 workloads may not pull',
    '1 pull secret expires soon',
    '2 pull secrets are named by nothing',
    '1 namespace could not be read',
  ])
  const one = { workloads: 9, willNotPull: 1, mayNotPull: 1, notes: 0, unused: 1 }
  t.match(said({ summary: one, notRead: [], expiring: [] }), [
    ...['1 workload will not pull', '1 workload may not pull', '0 pull secrets expire soon'],
    ...['1 pull secret is named by nothing', '0 namespaces could not be read'],
  ])
})

t.test('then what to do, the most urgent first, each with a command that runs', async t => {
  t.strictSame(
    page().cards.map(({ label, where, code, command }) => [
      label,
      where,
      code,
      command.split(' ').slice(0, 4).join(' '),
    ]),
    [
      ['Will not pull', 'team-a', 'SecretNotFound', 'regcred why deployment/web --namespace'],
      ['Will not pull', 'team-a', 'Waiting', 'regcred why statefulset/db --namespace'],
      ['May not pull', 'team-b', 'SecretWrongType', 'kubectl create secret docker-registry'],
      ['May not pull', 'shop', 'CredentialsExpired', 'kubectl create secret docker-registry'],
      ['Expires', 'team-b', 'Expiring', 'regcred inspect old-ghcr --namespace'],
      ['Note', 'team-b', 'EntryCoversNothing', ''],
      ['Note', 'team-b', 'ServiceAccount', 'kubectl edit serviceaccount builder'],
    ],
  )
  const [first] = page().cards
  t.match(first, {
    problem: 'Secret "amce" does not exist in namespace "team-a"',
    workloads: 'Deployment web (3 Pods wait) and CronJob nightly',
    advice: 'Did you mean "acme"? Write it in spec.template.spec.imagePullSecrets. Look at it:',
    command: 'regcred why deployment/web --namespace team-a',
    link: 'https://github.com/regcred/regcred/blob/main/docs/findings.md#secretnotfound',
  })
})

t.test('a workload that does not wait, or of a kind of its own, is looked at with kubectl', async t => {
  const [wrong] = sample().causes
  const commandFor = (kind: string, name: string, waiting: number, advice = '') =>
    page({
      causes: [{ ...(wrong as (typeof sample.prototype)['causes'][0]), advice, workloads: [{ kind, name, waiting }] }],
      waiting: [],
    }).cards[0]
  t.match(commandFor('Deployment', 'web', 0), {
    advice: 'Look at it:',
    command: 'kubectl get deployment web --namespace team-a -o yaml',
  })
  t.match(
    commandFor('StrimziPodSet', 'kafka', 2)?.command,
    'kubectl get strimzipodset kafka --namespace team-a -o yaml',
  )
  t.match(commandFor('Deployment', 'web; reboot', 2, 'do it'), { advice: 'Do it', command: '' })
})

t.test('what cannot be typed has no command', async t => {
  const odd = 'a; reboot'
  const { cards } = page({
    causes: [],
    waiting: [{ namespace: odd, kind: 'Pod', name: odd, waiting: 1 }],
    expiring: [
      { namespace: odd, secret: odd, registry: 'ghcr.io', expires: new Date(NOW + 2e8).toISOString(), usedBy: 1 },
      { namespace: odd, secret: odd, registry: 'ghcr.io', expires: new Date(NOW + 1e9).toISOString(), usedBy: 2 },
    ],
    serviceAccounts: [{ namespace: odd, name: odd, secret: 'x', suggestion: null }],
  })
  t.strictSame(
    cards.map(({ command }) => command),
    ['', '', '', ''],
  )
  t.match(
    cards.map(({ problem }) => problem),
    [
      /^Pods wait/,
      /expires in 2 days; 1 object names it$/,
      /expires in 11 days; 2 objects name it$/,
      'ServiceAccount a; reboot names Secret "x", which does not exist',
    ],
  )
  t.equal(cards.at(-1)?.advice, 'Take the name out, or correct it:')
})

t.test('the verdict', async t => {
  const verdict = (willNotPull: number, mayNotPull: number, workloads = 5, notRead: ScanDocument['notRead'] = []) =>
    page({ summary: { workloads, willNotPull, mayNotPull, notes: 0, unused: 0 }, notRead })
  t.match(verdict(1, 2), { verdict: '1 workload will not pull', grade: 'bad' })
  t.match(verdict(0, 2), { verdict: '2 workloads may not pull', grade: 'doubtful' })
  t.match(verdict(0, 0), { verdict: 'All 5 workloads can pull', grade: 'good' })
  t.match(verdict(0, 0, 1), { verdict: 'The workload can pull', grade: 'good' })
  t.match(verdict(0, 0, 0), { verdict: 'No workload was found', grade: 'doubtful' })
  const { notRead } = sample()
  t.match(verdict(0, 0, 5, notRead), { verdict: 'Nothing found, but not everything was read', grade: 'doubtful' })
})

t.test('what it does not know is said, and bounded', async t => {
  t.match(page().unknown.slice(0, 3), [
    /^Namespace payments: you may not list secrets in namespace "payments" \(403\)/,
    'What is wrong in legacy: left out by the configuration or a label.',
    'Deployment shop/odd: spec.containers must be a list.',
  ])
  t.match(page().unknown.at(-1), 'What has changed in the cluster since 28 November 2026, 09:30 UTC.')
  const many = Array.from({ length: 60 }, (_, i) => ({ namespace: `n${i}`, forbidden: false, reason: 'it failed' }))
  t.ok(page({ notRead: many }).unknown.includes('10 more namespaces that could not be read.'))
  const [secret] = sample().secrets
  const unknown = { ...(secret as ScanDocument['secrets'][number]), named: [], usedBy: null }
  const { unknown: said, tables } = page({ secrets: [unknown] })
  t.ok(said.some(sentence => /^Workloads without the labels of the selector/.test(sentence)))
  t.equal(tables[0]?.rows[0]?.cells.at(-1), 'not known')
})

t.test('what expires in months is not marked, and says when', async t => {
  const [secret] = sample().secrets
  const later = {
    ...(secret as ScanDocument['secrets'][number]),
    expires: new Date(NOW + 90 * 86_400_000).toISOString(),
  }
  t.match(page({ secrets: [later] }).tables[0]?.rows, [{ grade: 'none', cells: ['team-a', 'acme', /./, 'in 90 days'] }])
})

t.test('how it was made', async t => {
  t.match(page().made[0], 'By regcred 0.1.0 from cluster prod-eu-1: 5 namespaces and 413 workloads on 28 November 2026')
  t.match(page({ cluster: null }), { subject: 'a cluster, 28 November 2026, 09:30 UTC', made: [/from one cluster:/] })
})

t.test('a cause without a workload or an advice has neither', async t => {
  const [, , , , note] = page({ waiting: [], expiring: [] }).cards
  t.match(note, { code: 'ServiceAccount', workloads: '' })
  const [wrong] = sample().causes
  const bare = { ...(wrong as ScanDocument['causes'][number]), advice: '', workloads: [] }
  t.match(page({ causes: [bare], waiting: [] }).cards[0], { advice: '', command: '', workloads: '' })
})

t.test('the pull secrets are a table, those that expire first before the others, and two CSV files', async t => {
  const { tables, downloads } = page()
  t.strictSame(
    tables[0]?.rows.map(({ grade, cells }) => [grade, ...cells]),
    [
      ['error', 'shop', 'ecr', '123456789012.dkr.ecr.eu-central-1.amazonaws.com', '3 days ago', 'StatefulSet cart'],
      ['warning', 'team-b', 'old-ghcr', 'ghcr.io', 'in 4 days', 'nothing that was read'],
      ['none', 'team-a', 'acme', 'registry.example.com', 'does not say', 'Deployment api'],
      ['none', 'team-b', 'docker', 'hub.docker.com and quay.io', 'does not say', 'nothing that was read'],
      ['none', 'team-b', 'broken', 'none that can be read', 'does not say', 'Pod lone'],
    ],
  )
  t.match(downloads, [
    { file: 'regcred-causes.csv', label: 'Download causes as CSV' },
    { file: 'regcred-secrets.csv', label: 'Download pull secrets as CSV' },
  ])
  t.match(
    downloads[0]?.text,
    /^namespace,level,code,kind,name,waiting,secret,message,advice\nteam-a,error,SecretNotFound,/,
  )
  t.match(downloads[0]?.text, '\nteam-b,note,EntryCoversNothing,,,0,docker,')
  t.match(downloads[0]?.text, '\nteam-a,error,Waiting,StatefulSet,db,1,,its Pods wait for an image,\n')
  t.match(downloads[1]?.text, '\nteam-b,docker,hub.docker.com and quay.io,,0,\n')
})
