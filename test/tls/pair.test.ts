import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CommandError } from '../../src/commands/command-error.ts'
import { readPair } from '../../src/tls/files.ts'
import { issueCertificate } from '../../src/tls/issue.ts'
import { faultOfPair, notAfter } from '../../src/tls/pair.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const DAY = 86_400_000

t.test('a pair is tried before it is served', async t => {
  const { cert, key, ca } = await issueCertificate(['localhost', '127.0.0.1'], NOW, DAY)
  const other = await issueCertificate(['localhost'], NOW, DAY)
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const cases = [
    { name: 'a good one', pair: { cert, key } },
    { name: 'one with its chain', pair: { cert: `${cert}\n${ca}`, key } },
    { name: 'no certificate', pair: { cert: '', key }, fault: /certificate is not PEM/ },
    { name: 'no key', pair: { cert, key: '' }, fault: /private key is not PEM/ },
    { name: 'the key of another', pair: { cert, key: other.key }, fault: /does not match/ },
    { name: 'a broken chain', pair: { cert: `${cert}\n${broken}`, key }, fault: /chain cannot be read/ },
    { name: 'an expired one', pair: { cert, key }, now: NOW + 2 * DAY, fault: /expired on/ },
    { name: 'one that is not valid yet', pair: { cert, key }, now: NOW - DAY, fault: /not valid before/ },
  ]
  for (const { name, pair, now = NOW, fault } of cases) {
    if (fault === undefined) t.equal(faultOfPair(pair, now), undefined, name)
    else t.match(faultOfPair(pair, now), fault, name)
  }
  t.equal(notAfter({ cert, key }), NOW + DAY)
})

t.test('a pair is read from two files', async t => {
  const folder = t.testdir()
  const { cert, key } = await issueCertificate(['localhost'])
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  t.strictSame(await readPair(certFile, keyFile), { cert, key })
  const missing = readPair(certFile, join(folder, 'none'))
  t.ok((await missing.catch(error => error)) instanceof CommandError)
  await t.rejects(missing, /--tls-private-key-file: cannot read .*none \(ENOENT\)/)
  await t.rejects(readPair(certFile, certFile), /tls.crt: the private key is not PEM/)
})
