import { PassThrough } from 'node:stream'
import t from 'tap'
import { Terminal } from '../../../src/runtime/terminal.ts'
import { writeScan } from '../../../src/scan/formats/scan-text.ts'
import type { Scan } from '../../../src/scan/scan.ts'
import { cause, scanned, scanOf, workloadOf } from './scans.ts'

function write(scan: Scan, width = 80, isWide = false): string {
  return writeScan(scan, { width, listsUnused: false, isWide }, new Terminal(new PassThrough())).join('\n')
}

t.test('a long namespace stands in a line of its own, and all lines keep the width', async t => {
  const long = 'a-namespace-with-quite-a-long-name'
  const text = write(scanOf(scanned(long, { causes: [cause(long, { problem: 'it is wrong '.repeat(9) })] })))
  t.match(text, `  ${long}\n                        it is wrong it is wrong`)
  t.ok(text.split('\n').every(line => line.length <= 80))
})

t.test('of very many causes, namespaces and ServiceAccounts the first are told, and the rest is counted', async t => {
  const many = Array.from({ length: 60 }, (_, i) => `team-${i}`)
  const namespaces = many.map((name, i) =>
    scanned(name, {
      ...{ workloads: 3, willNotPull: 1, mayNotPull: i % 2, causes: [cause(name)] },
      accounts: [{ namespace: name, name: 'default', secret: 'x', near: undefined }],
    }),
  )
  const text = write(scanOf(...namespaces))
  t.match(text, '\n  and 10 more: -o wide has them all\n')
  t.match(text, /\nteam-1 +3 +1 +1\n/)
  t.match(text, /\n40 more +120 +40 +10\n/)
  t.match(text, '\n  team-9/default: "x"\n  and 50 more')
})

t.test('where nothing is wrong it is said in a line', async t => {
  t.equal(write(scanOf(scanned('a'))), 'The only workload can pull.')
  t.equal(
    write(scanOf(scanned('a'), scanned('b', { workloads: 4 }))),
    'NAMESPACE     WORKLOADS  WILL NOT  MAY NOT\n2 namespaces  5          0         0\nAll 5 workloads can pull.',
  )
  t.equal(write(scanOf(scanned('a', { workloads: 0 }))), 'No workload was found.')
})

t.test('the sum says what it is of', async t => {
  const notRead = [{ namespace: 'x', reason: 'no answer', isForbidden: false }]
  const sum = (one: Scan) => write(one).split('\n').at(-2)
  const read = (of: Parameters<typeof scanned>[1]) => sum({ ...scanOf(scanned('a', of)), notRead })
  t.equal(sum({ ...scanOf(), notRead }), 'Nothing could be read.')
  t.equal(read({ workloads: 0 }), 'No workload was found in what could be read.')
  t.equal(read({ workloads: 1 }), 'The only workload that could be read can pull.')
  t.equal(read({ workloads: 3 }), 'All 3 workloads that could be read can pull.')
  t.equal(read({ workloads: 3, willNotPull: 2 }), '1 of 3 workloads that could be read is fine.')
  t.equal(write(scanOf(scanned('a', { willNotPull: 1, workloads: 1 }))), 'The only workload is not fine.')
  t.equal(write(scanOf(scanned('a', { willNotPull: 1, workloads: 3 }))), '2 of 3 workloads are fine.')
})

t.test('what is to do elsewhere for a workload is told beside what is for most', async t => {
  const [job, nightly] = [workloadOf('Job', 'a'), { ...workloadOf('CronJob', 'b'), advice: 'write it there' }]
  const workloads = [job, nightly, { ...nightly, name: 'c' }]
  const text = write(scanOf(scanned('a', { causes: [cause('a', { workloads, advice: 'write it here' })] })))
  t.match(text, '     → write it here\n     → CronJob b: write it there\n\n')
})

t.test('namespaces that are all wrong leave no rest', async t => {
  const wrong = { willNotPull: 1, workloads: 1 }
  t.notMatch(write(scanOf(scanned('a', wrong), scanned('b', wrong))), 'more')
})

t.test('workloads of one kind have one name, and of others each its own', async t => {
  const told = (...workloads: readonly ReturnType<typeof workloadOf>[]) =>
    write(scanOf(scanned('a', { causes: [cause('a', { workloads })] })))
      .split('\n')[2]
      ?.trim()
  t.equal(told(workloadOf('Job', 'a')), 'Job a')
  t.equal(told(workloadOf('Job', 'a', 1), workloadOf('Job', 'b', 2)), '2 Jobs: a (1 Pod waits) and b (2 Pods wait)')
  t.equal(told(workloadOf('Job', 'a'), workloadOf('Pod', 'b')), 'Job a and Pod b')
})

t.test('what the node said is asked for by the name of a workload, or of a Pod', async t => {
  const told = (kind: string) => write(scanOf(scanned('a', { unexplained: [workloadOf(kind, 'x', 1)] })))
  t.match(told('DaemonSet'), '\n         regcred why daemonset/x --namespace a\n')
  t.match(told('Operated'), '\n         regcred why POD --namespace a\n')
})

t.test('wide has all of it: notes, every name and every row', async t => {
  const workloads = Array.from({ length: 30 }, (_, i) => workloadOf('Job', `job-${i}`))
  const note = cause('a', { level: 'note', problem: 'it is odd', workloads: [] })
  const many = Array.from({ length: 70 }, (_, i) => `team-${i}`)
  const wide = write(
    scanOf(
      scanned('a', { willNotPull: 1, causes: [cause('a', { workloads }), note] }),
      ...many.map(name => scanned(name, { willNotPull: 1, causes: [cause(name)] })),
    ),
    80,
    true,
  )
  t.match(wide, '30 Jobs: job-0, job-1,')
  t.match(wide, /job-28 and job-29\n/)
  t.match(wide, '\nNOTES\n  a  it is odd\n\n')
  t.match(wide, /\nteam-69 +1 +1 +0\n/)
  t.notMatch(wide, / more|-o wide/)
})
