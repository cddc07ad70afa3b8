import t from 'tap'
import { publish, publishes } from '../../src/tls/ca-bundle.ts'
import { issueCertificate } from '../../src/tls/issue.ts'

const issued = await Promise.all(Array.from({ length: 6 }, () => issueCertificate(['localhost'])))
const [a = '', b = '', c = '', d = '', e = '', f = ''] = issued.map(({ ca }) => `${ca}\n`)
const base64 = (pem: string) => Buffer.from(pem).toString('base64')

/** A configuration with a webhook for each bundle; the names stand for all that is to stay. */
function configuration(...bundles: readonly (string | undefined)[]) {
  const webhooks = bundles.map((pem, i) => {
    const caBundle = pem === undefined ? {} : { caBundle: base64(pem) }
    return { name: `w${i}`, clientConfig: { url: 'https://a', ...caBundle }, rules: [] }
  })
  return { metadata: { name: 'regcred', resourceVersion: '7' }, webhooks }
}

const cases: { name: string; before: string | undefined; wanted: string[]; after: string | undefined }[] = [
  { name: 'the first', before: undefined, wanted: [a], after: a },
  { name: 'one beside another', before: a, wanted: [b], after: a + b },
  { name: 'one that is there', before: a + b, wanted: [a], after: undefined },
  { name: 'one that differs in line breaks alone', before: a, wanted: [a.replaceAll('\n', '\r\n')], after: undefined },
  { name: 'a fifth: the oldest goes', before: a + b + c + d, wanted: [e], after: b + c + d + e },
  { name: 'a fifth, while the oldest is wanted', before: a + b + c + d, wanted: [a, e], after: a + c + d + e },
  { name: 'more than there is room for', before: a, wanted: [b, c, d, e, f], after: b + c + d + e + f },
  { name: 'nothing, to too many', before: a + b + c + d + e, wanted: [], after: b + c + d + e },
  { name: 'one beside words', before: `hunter2\n${a}`, wanted: [b], after: a + b },
  {
    name: 'one beside what cannot be read',
    before: `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${a}`,
    wanted: [b],
    after: a + b,
  },
]

for (const { name, before, wanted, after } of cases) {
  t.test(`published is ${name}`, async t => {
    const changed = publish(configuration(before), wanted)
    if (after === undefined) t.equal(changed, undefined)
    else t.strictSame(changed, configuration(after))
    for (const ca of wanted) t.ok(publishes(changed ?? configuration(before), ca))
  })
}

t.test('every webhook of a configuration has to trust an authority', async t => {
  t.notOk(publishes(configuration(a, a + b), b))
  t.strictSame(publish(configuration(a, a + b), [b]), configuration(a + b, a + b))
  t.ok(publishes(configuration(b, a + b), b))
})

t.test('a configuration without webhooks calls nobody, so there is nothing to publish', async t => {
  for (const empty of [configuration(), { metadata: {} }, { webhooks: 'none' }]) {
    t.ok(publishes(empty, a))
    t.equal(publish(empty, [a]), undefined)
  }
})
