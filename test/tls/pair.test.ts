import t from 'tap'
import { issueCertificate } from '../../src/tls/issue.ts'
import { type Expected, faultOfAuthorities, faultOfPair, leafNames, notAfter, type Pair } from '../../src/tls/pair.ts'
import { createAuthority } from './pki.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const DAY = 86_400_000

t.test('a pair is tried before it is served', async t => {
  const { cert, key, ca } = await issueCertificate(['localhost', '127.0.0.1'], { now: NOW, lifetime: DAY })
  const other = await issueCertificate(['localhost'], { now: NOW, lifetime: DAY })
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const ours = ['localhost', '127.0.0.1']
  const expired = await issueCertificate(ours, { now: NOW - 2 * DAY, lifetime: DAY })
  const cases: { name: string; pair: Pair; now?: number; expected?: Expected; fault?: RegExp }[] = [
    { name: 'a good one', pair: { cert, key }, expected: { names: ours, ca } },
    { name: 'one with its chain', pair: { cert: `${cert}\n${ca}`, key } },
    { name: 'no certificate', pair: { cert: '', key }, fault: /certificate is not PEM/ },
    { name: 'no key', pair: { cert, key: '' }, fault: /private key is not PEM/ },
    { name: 'the key of another', pair: { cert, key: other.key }, fault: /does not match/ },
    { name: 'a broken chain', pair: { cert: `${cert}\n${broken}`, key }, fault: /chain cannot be read/ },
    { name: 'an expired one', pair: { cert, key }, now: NOW + 2 * DAY, fault: /expired on/ },
    { name: 'one that is not valid yet', pair: { cert, key }, now: NOW - DAY, fault: /not valid before/ },
    {
      name: 'a chain with another’s',
      pair: { cert: `${cert}\n${other.ca}`, key },
      fault: /signed none of the others/,
    },
    { name: 'another DNS name', pair: { cert, key }, expected: { names: ['a.b.svc'] }, fault: /not for a\.b\.svc;/ },
    {
      name: 'another address',
      pair: { cert, key },
      expected: { names: ['127.0.0.2'] },
      fault: /not for 127\.0\.0\.2;/,
    },
    { name: 'the authority of another', pair: { cert, key }, expected: { ca: other.ca }, fault: /not signed by its/ },
    {
      name: 'a leaf for its authority',
      pair: { cert, key },
      expected: { ca: cert },
      fault: /CA certificate cannot be read/,
    },
    { name: 'no authority', pair: { cert, key }, expected: { ca: '' }, fault: /CA certificate cannot be read/ },
    { name: 'an expired authority', pair: expired, expected: { ca: expired.ca }, fault: /CA certificate expired on/ },
  ]
  for (const { name, pair, now = NOW, expected, fault } of cases) {
    if (fault === undefined) t.equal(faultOfPair(pair, now, expected), undefined, name)
    else t.match(faultOfPair(pair, now, expected), fault, name)
  }
  t.strictSame(leafNames({ cert }), ours)
  t.equal(notAfter({ cert }), NOW + DAY)
})

t.test('authorities are read one by one, since Node skips what it cannot read', async t => {
  const { ca, cert } = await issueCertificate(['localhost'], { now: NOW, lifetime: DAY })
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
    t.equal(faultOfAuthorities(pem), good ? undefined : 'this is not a CA bundle; give CA certificates in PEM', name)
  }
})

t.test('a certificate is for the use that it was issued for', async t => {
  const authority = await createAuthority('test')
  const server = await authority.issueServer(['localhost'])
  const client = await authority.issueClient('jane')
  const fault = ({ certificate: cert, key }: typeof server) => faultOfPair({ cert, key }, Date.now())
  t.equal(fault(server), undefined)
  t.equal(fault(client), 'the certificate is not for servers; issue it with the extended key usage serverAuth')
})

t.test('a certificate without names is for none', async t => {
  const authority = await createAuthority('test')
  t.strictSame(leafNames({ cert: (await authority.issueClient('jane')).certificate }), [])
})
