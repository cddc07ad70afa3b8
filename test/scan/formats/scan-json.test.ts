import t from 'tap'
import { writeScanJson } from '../../../src/scan/formats/scan-json.ts'
import { cause, scanned, scanOf } from './scans.ts'

t.test('what is not known is null, and no field is left out', async t => {
  const scan = scanOf(
    scanned('a', {
      causes: [cause('a', { secret: undefined })],
      expiring: [{ namespace: 'a', secret: 's', registry: 'ghcr.io', expires: 0, named: [], usedBy: 0 }],
      accounts: [{ namespace: 'a', name: 'default', secret: 'x', near: undefined }],
      unused: undefined,
    }),
  )
  const { causes, expiring, serviceAccounts, unused } = JSON.parse(writeScanJson(scan))
  t.equal(causes[0].secret, null)
  t.equal(serviceAccounts[0].suggestion, null)
  t.equal(expiring[0].expires, '1970-01-01T00:00:00.000Z')
  t.strictSame(unused, [])
})

t.test('sentences are for people, whoever prints them; names are as they are', async t => {
  const evil = 'a\u001b[31m\u202e'
  const { causes, notRead } = JSON.parse(
    writeScanJson({
      namespaces: [scanned('a', { causes: [cause('a', { secret: evil, problem: evil, advice: evil })] })],
      notRead: [{ namespace: 'b', reason: evil, isForbidden: true }],
      now: 0,
    }),
  )
  const shown = 'a\\u001b[31m\\u202e'
  t.match(causes, [{ secret: evil, message: shown, advice: shown }])
  t.strictSame(notRead, [{ namespace: 'b', forbidden: true, reason: shown }])
})
