import t from 'tap'
import { splitCertificates } from '../../src/tls/pem.ts'

const block = (body: string, label = 'CERTIFICATE') => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`
const [a, b] = [block('AAAA'), block('BBBB')]

t.test('the certificates of a file, whatever stands between them', async t => {
  t.strictSame(splitCertificates(`subject: a\n${a}\nsubject: b\n${b}\n`), [a, b])
  t.strictSame(splitCertificates(`${a}${b}`), [a, b])
  t.strictSame(splitCertificates(block('AAAA', 'PRIVATE KEY')), [])
  t.strictSame(splitCertificates('-----BEGIN CERTIFICATE-----\nAAAA'), [])
  t.strictSame(splitCertificates(''), [])
})
