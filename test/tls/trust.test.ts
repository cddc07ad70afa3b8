import t from 'tap'
import { issueCertificate } from '../../src/tls/issue.ts'
import { faultOfTrust } from '../../src/tls/trust.ts'

const NOW = Date.now()
const names = ['regcred.regcred.svc', 'hooks.example.com']
const own = await issueCertificate(names)
const other = await issueCertificate(names)
const stranger = await issueCertificate(['else.example.com'])
const old = await issueCertificate(names, { now: NOW - 86_400_000, lifetime: 1000 })
const encode = (pem: string) => Buffer.from(pem).toString('base64')

const service = { service: { name: 'regcred', namespace: 'regcred' } }
const webhook = (caBundle: string, rest: object = service) => ({ clientConfig: { caBundle, ...rest } })

const cases = [
  { name: 'its CA is in the bundle', webhook: webhook(encode(own.ca)), cert: own.cert, fault: undefined },
  { name: 'among others', webhook: webhook(encode(other.ca + own.ca)), cert: own.cert, fault: undefined },
  {
    name: 'the certificate itself is in the bundle',
    webhook: webhook(encode(own.cert)),
    cert: own.cert,
    fault: undefined,
  },
  { name: 'there is none', webhook: { clientConfig: {} }, cert: own.cert, fault: 'has no caBundle yet' },
  { name: 'there is no PEM', webhook: webhook(encode('no')), cert: own.cert, fault: 'has a caBundle that is not PEM' },
  {
    name: 'it is of another CA',
    webhook: webhook(encode(other.ca)),
    cert: own.cert,
    fault: 'has a caBundle that does not fit the certificate',
  },
  {
    name: 'its CA has expired',
    webhook: webhook(encode(old.ca)),
    cert: old.cert,
    fault: 'has a caBundle that does not fit the certificate',
  },
  {
    name: 'it is for another name',
    webhook: webhook(encode(stranger.ca)),
    cert: stranger.cert,
    fault: 'calls regcred.regcred.svc, for which the certificate is not',
  },
  {
    name: 'the webhook has a URL',
    webhook: webhook(encode(own.ca), { url: 'https://hooks.example.com:8443/x' }),
    cert: own.cert,
    fault: undefined,
  },
  {
    name: 'the webhook has a URL of another host',
    webhook: webhook(encode(own.ca), { url: 'https://localhost/x' }),
    cert: own.cert,
    fault: 'calls localhost, for which the certificate is not',
  },
  { name: 'what is served is no certificate', webhook: webhook(encode(own.ca)), cert: 'no', fault: undefined },
]

for (const { name, webhook, cert, fault } of cases) {
  t.test(`whether a webhook trusts a certificate: ${name}`, async t => {
    t.equal(faultOfTrust(webhook, cert, NOW), fault)
  })
}
