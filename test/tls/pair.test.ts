import t from 'tap'
import { issueCertificate } from '../../src/tls/issue.ts'
import { faultOfAuthorities, faultOfPair, notAfter } from '../../src/tls/pair.ts'

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

t.test('authorities are read one by one, since Node skips what it cannot read', async t => {
  const { ca, cert } = await issueCertificate(['localhost'], NOW, DAY)
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const cases = [
    { name: 'one', pem: ca, good: true },
    { name: 'two with words between them', pem: `${ca}\nanother:\n${ca}`, good: true },
    { name: 'nothing', pem: '', good: false },
    { name: 'no PEM', pem: 'hunter2', good: false },
    { name: 'a broken one', pem: `${ca}\n${broken}`, good: false },
    { name: 'one that may sign nothing', pem: cert, good: false },
  ]
  for (const { name, pem, good } of cases) {
    t.equal(
      faultOfAuthorities(pem),
      good ? undefined : 'this is no list of authorities; give PEM certificates that may sign others',
      name,
    )
  }
})
