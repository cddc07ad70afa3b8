import { PassThrough } from 'node:stream'
import t from 'tap'
import { Terminal } from '../../../src/runtime/terminal.ts'
import { writeSecrets, writeSecretsCsv } from '../../../src/scan/formats/secrets-table.ts'
import type { Scan } from '../../../src/scan/scan.ts'
import { scanned, scanOf, secretOf } from './scans.ts'

const DAY_MS = 86_400_000

function write(scan: Scan, isWide = false): string {
  const options = { width: 100, listsUnused: false, isWide }
  return writeSecrets(scan, options, new Terminal(new PassThrough())).join('\n')
}

const registries = ['ghcr.io', 'quay.io', 'registry.example.com']
const users = ['Deployment web', 'Deployment api', 'CronJob nightly']
const scan = scanOf(
  scanned('team-a', {
    secrets: [
      secretOf('team-a', 'forever', { registries, registryCount: 3, named: users, usedBy: 7 }),
      secretOf('team-a', 'soon', { expires: 3 * DAY_MS, usedBy: 0 }),
    ],
  }),
  scanned('team-b', {
    secrets: [
      secretOf('team-b', 'past', { expires: -2 * DAY_MS, named: ['Pod lone'], usedBy: 1 }),
      secretOf('team-b', 'broken', { registries: [], registryCount: 0 }),
    ],
  }),
)

t.test('a row for each pull secret, those that expire first before the others', async t => {
  t.equal(
    write(scan),
    `NAMESPACE  SECRET   FOR                       EXPIRES       USED BY
team-b     past     ghcr.io                   2 days ago    Pod lone
team-a     soon     ghcr.io                   in 3 days     nothing that was read
team-a     forever  ghcr.io, quay.io and 1    does not say  Deployment web, Deployment api and 5
                    more                                    more
team-b     broken   none that can be read     does not say  not known: -l leaves out others`,
  )
  t.match(
    write(scan, true),
    'ghcr.io, quay.io and registry.example.com  does not say  Deployment web, Deployment api, CronJob',
  )
  t.equal(write(scanOf(scanned('a'))), 'No pull secret was found.')
})

t.test('CSV', async t => {
  t.equal(
    writeSecretsCsv(scan),
    `namespace,secret,registries,expires,usedBy,users
team-b,past,ghcr.io,1969-12-30T00:00:00.000Z,1,Pod lone
team-a,soon,ghcr.io,1970-01-04T00:00:00.000Z,0,
team-a,forever,"ghcr.io, quay.io and registry.example.com",,7,"Deployment web, Deployment api, CronJob nightly and 4 more"
team-b,broken,,,,
`,
  )
})
