import t from 'tap'
import { writeScanJson } from '../../../src/scan/formats/scan-json.ts'
import { cause, scanned, scanOf, secretOf } from './scans.ts'

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
  const { causes, notRead, remarks, cluster } = JSON.parse(
    writeScanJson({
      namespaces: [scanned('a', { causes: [cause('a', { secret: evil, problem: evil, advice: evil })] })],
      notRead: [{ namespace: 'b', reason: evil, isForbidden: true }],
      ...{ remarks: [evil], isComplete: true, cluster: evil, now: 0 },
    }),
  )
  const shown = 'a\\u001b[31m\\u202e'
  t.match(causes, [{ secret: evil, message: shown, advice: shown }])
  t.strictSame([remarks, cluster], [[shown], evil])
  t.strictSame(notRead, [{ namespace: 'b', forbidden: true, reason: shown }])
})

t.test(
  'a pull secret says for what it is, when it expires and who uses it, and a scan of which cluster it is and when',
  async t => {
    const known = secretOf('a', 's', { expires: 1000, named: ['Pod lone'], usedBy: 1 })
    const scan = { ...scanOf(scanned('a', { secrets: [known, secretOf('a', 'u')] })), cluster: 'prod', now: 2000 }
    const { cluster, generatedAt, secrets } = JSON.parse(writeScanJson(scan))
    t.strictSame([cluster, generatedAt], ['prod', '1970-01-01T00:00:02.000Z'])
    const registries = { registries: ['ghcr.io'], registryCount: 1 }
    t.strictSame(secrets, [
      {
        namespace: 'a',
        secret: 's',
        ...registries,
        expires: '1970-01-01T00:00:01.000Z',
        named: ['Pod lone'],
        usedBy: 1,
      },
      { namespace: 'a', secret: 'u', ...registries, expires: null, named: [], usedBy: null },
    ])
    t.equal(JSON.parse(writeScanJson(scanOf(scanned('a')))).cluster, null)
  },
)
