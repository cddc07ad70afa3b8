import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { MERGE_FORMATS } from '../../../src/commands/report/formats.ts'
import { reportCommand } from '../../../src/commands/report/report.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'
import { sample } from '../../page/documents.ts'

async function merge(t: Test, ...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const before = process.exitCode
  t.teardown(() => {
    process.exitCode = before
  })
  const command = reportCommand({ stdin: process.stdin, stdout, stderr })
  await command.parseAsync(['merge', ...args], { from: 'user' })
  const status = process.exitCode
  process.exitCode = before
  stdout.end()
  stderr.end()
  return { out: await text(stdout), err: await text(stderr), status }
}

t.test('the scans of several clusters become one report, in several formats at once', async t => {
  const folder = t.testdir({ 'a.json': JSON.stringify(sample('a')), 'b.json': JSON.stringify(sample('b')) })
  const path = (name: string) => join(folder, name)
  const outputs = ['-o', `html=${path('all.html')}`, '-o', `json=${path('all.json')}`]
  const { out, err, status } = await merge(t, path('a.json'), path('b.json'), ...outputs, '-o', 'markdown')
  t.strictSame([err, status], ['', 0])
  t.match(
    out,
    /^\*\*6 workloads in 2 of 2 clusters will not pull\*\* \(2 clusters, .* UTC\)\n\n### Clusters\n\n\| Cluster \|/,
  )
  t.match(out, '\n| a | 413 | 3 | 7 | 1 | 28 November 2026, 09\\:30 UTC |\n')
  t.match(
    readFileSync(path('all.html'), 'utf8'),
    '<title>6 workloads in 2 of 2 clusters will not pull - regcred</title>',
  )
  t.match(JSON.parse(readFileSync(path('all.json'), 'utf8')), {
    version: 1,
    clusters: [{ cluster: 'a', willNotPull: 3, generatedAt: '2026-11-28T09:30:00.000Z' }, { cluster: 'b' }],
    pullSecrets: [
      { secret: 'ecr', clusters: ['a', 'b'], clusterCount: 2, places: 2, expires: '2026-11-25T07:06:00.000Z' },
    ],
    ...{ pullSecretsLeftOut: 0, notMerged: [] },
    summary: { clusters: 2, workloads: 826, willNotPull: 6, mayNotPull: 14, shared: 5, notRead: 2 },
  })
  t.equal(JSON.parse((await merge(t, path('a.json'), '-o', 'json')).out).pullSecrets.at(-1).expires, null)
  t.match((await merge(t, path('a.json'))).out, /^\*\*3 workloads/, 'Markdown without -o')
})

t.test('one that cannot be used is named, the others are written, and the status is 2', async t => {
  const folder = t.testdir({ 'a.json': JSON.stringify(sample('a')), 'b.json': '{' })
  const { out, err, status } = await merge(t, join(folder, 'a.json'), join(folder, 'b.json'), '-o', 'json')
  t.match(err, /^regcred: cannot use .*b\.json: it is not JSON; write one with: regcred scan -A -o json=FILE\n$/)
  t.equal(status, 2)
  t.match(JSON.parse(out), { clusters: [{ cluster: 'a' }], notMerged: [/b\.json/] })
  const none = { constructor: CommandError, message: /b\.json: it is not JSON.*\n.*c\.json: no such file/ }
  await t.rejects(merge(t, join(folder, 'b.json'), join(folder, 'c.json')), none)
  const away = { constructor: CommandError, message: /^cannot write .*none\/x: no such file or directory$/ }
  await t.rejects(merge(t, join(folder, 'a.json'), '-o', `json=${join(folder, 'none/x')}`), away)
})

t.test('without a file it says what to give', async t => {
  const fault = new CommandError('give the files of scans: regcred report merge prod-1.json prod-2.json')
  await t.rejects(merge(t), fault)
})

t.test('shells complete the formats', async t => {
  const [command] = reportCommand().commands
  t.strictSame(command?.options.find(({ short }) => short === '-o')?.argChoices, [...MERGE_FORMATS])
})
