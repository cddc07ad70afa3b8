import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { SCAN_FORMATS } from '../../../src/commands/scan/formats.ts'
import { scanCommand } from '../../../src/commands/scan/scan.ts'
import { writeScanOutputs } from '../../../src/commands/scan/write-scan.ts'
import { CommandError } from '../../../src/runtime/command-error.ts'
import { cause, scanned, scanOf, workloadOf } from '../../scan/formats/scans.ts'
import { account, namespace, secret, workload } from './objects.ts'
import { scan } from './run.ts'

const OBJECTS = [
  namespace('team-a'),
  account('default'),
  secret('acme'),
  workload('Deployment', 'web', { references: ['acme'] }),
  workload('Deployment', 'api', { references: ['gone'] }),
]

t.test('one scan writes several outputs, and each is what it is alone', async t => {
  const folder = t.testdir({})
  const outputs = SCAN_FORMATS.flatMap(format => ['-o', `${format}=${join(folder, format)}`])
  const { out, asked } = await scan(t, outputs, OBJECTS)
  t.equal(out, '')
  t.equal(new Set(asked).size, asked.length, 'nothing is asked for twice')
  t.strictSame(readdirSync(folder).sort(), SCAN_FORMATS.toSorted())
  const withoutTime = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+/g, '')
  for (const format of SCAN_FORMATS) {
    const alone = await scan(t, ['-o', format], OBJECTS)
    t.equal(withoutTime(readFileSync(join(folder, format), 'utf8')), withoutTime(alone.out), format)
    t.not(alone.out, '')
  }
})

t.test('an output that cannot be written keeps nothing from another, and is told', async t => {
  const folder = t.testdir({})
  const outputs = ['-o', `json=${join(folder, 'none/a')}`, '-o', `csv=${join(folder, 'a.csv')}`]
  const fault = { constructor: CommandError, message: /^cannot write .*none\/a: no such file or directory$/ }
  await t.rejects(scan(t, outputs, OBJECTS), fault)
  t.match(readFileSync(join(folder, 'a.csv'), 'utf8'), /^namespace,level,/)
})

t.test('--secrets lists the pull secrets, with who uses them', async t => {
  t.equal(
    (await scan(t, ['--secrets'], OBJECTS)).out,
    `NAMESPACE  SECRET  FOR                   EXPIRES       USED BY
team-a     acme    registry.example.com  does not say  Deployment web
`,
  )
  t.match((await scan(t, ['--secrets', '-o', 'wide'], OBJECTS)).out, /^NAMESPACE/)
  t.match(
    (await scan(t, ['--secrets', '-o', 'csv'], OBJECTS)).out,
    'team-a,acme,registry.example.com,,1,Deployment web',
  )
  const { secrets, cluster } = JSON.parse((await scan(t, ['--secrets', '-o', 'json'], OBJECTS)).out)
  t.match(secrets, [{ secret: 'acme', usedBy: 1, named: ['Deployment web'] }])
  t.equal(cluster, 'c')
  t.match((await scan(t, ['--secrets', '-l', 'app=x'], OBJECTS)).out, /not known/)
  const fault = new CommandError('--secrets has no sarif; give one of text, wide, json, csv: regcred scan --secrets')
  await t.rejects(scan(t, ['--secrets', '-o', 'sarif'], OBJECTS), fault)
})

t.test('what SARIF has no room for is said', async t => {
  const workloads = Array.from({ length: 25_001 }, (_, i) => workloadOf('Job', `j${i}`))
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const wrong = scanOf(scanned('a', { causes: [cause('a', { workloads })] }))
  const written = text(stdout)
  await writeScanOutputs(wrong, [{ format: 'sarif' }], {}, { stdin: process.stdin, stdout, stderr })
  stdout.end()
  stderr.end()
  t.equal(JSON.parse(await written).runs[0].results.length, 25_000)
  t.equal(await text(stderr), 'regcred: 1 result left out of SARIF: more than GitHub takes\n')
})

t.test('shells complete the formats', async t => {
  t.strictSame(scanCommand().options.find(({ short }) => short === '-o')?.argChoices, [...SCAN_FORMATS])
})
