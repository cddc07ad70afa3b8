import t from 'tap'
import { AuthorityWatch } from '../../src/tls/authority-watch.ts'
import { type Issued, issueCertificate } from '../../src/tls/issue.ts'
import { planRotation } from '../../src/tls/rotation.ts'

const START = Date.parse('2026-06-01T00:00:00Z')
const TERMS = { names: ['a.b.svc'], lifetime: 600_000 }
const issue = (now = START) => issueCertificate(TERMS.names, { ...TERMS, now })
const [first, second, third] = [await issue(), await issue(), await issue()]

/** What is told of a Secret with this current pair, and maybe one that is to follow. */
function look(watch: AuthorityWatch, current: Issued | undefined, next?: Issued, now = START): number {
  const kept = { current, next }
  return watch.lookAtSecret(kept, planRotation(kept, TERMS, now), TERMS.lifetime / 3, now).length
}

t.test('what is expected in the Secret', async t => {
  const watch = new AuthorityWatch()
  t.equal(look(watch, first), 0, 'what is there at the start')
  t.equal(look(watch, first, second), 1, 'a successor that is not due')
  t.equal(look(watch, second), 0, 'and once it is known')
  t.equal(look(watch, third), 1, 'another')
  watch.expect((await issue()).ca)
  const own = await issue()
  watch.expect(own.ca)
  t.equal(look(watch, third, own), 0, 'what we have made')
  const later = START + TERMS.lifetime * 0.7
  t.equal(look(watch, third, await issue(later), later), 0, 'a successor that is due')
})

t.test('a Secret that was found empty may be filled, one that was emptied and filled at once may not', async t => {
  const watch = new AuthorityWatch()
  look(watch, first)
  t.equal(look(watch, undefined, second), 1)
  t.equal(look(watch, undefined), 0)
  t.equal(look(watch, undefined, third), 0)
})

t.test('what is no certificate is nobody’s CA, and of thousands the first are looked at', async t => {
  const watch = new AuthorityWatch()
  look(watch, first)
  t.equal(look(watch, first, { cert: '', key: '', ca: 'hunter2' }), 0)
  t.equal(look(watch, first, { cert: '', key: '', ca: PEM('AAAA') }), 0)
  t.equal(look(watch, first, { cert: '', key: '', ca: PEM('AAAA').repeat(16) + second.ca }), 0)
  t.equal(look(watch, first, { cert: '', key: '', ca: PEM('AAAA').repeat(15) + second.ca }), 1)
})

const PEM = (content: string) => `-----BEGIN CERTIFICATE-----\n${content}\n-----END CERTIFICATE-----\n`

t.test('in a caBundle the second look decides', async t => {
  const watch = new AuthorityWatch()
  look(watch, first)
  t.strictSame(watch.lookAtBundles([first.ca, second.ca]), [], 'what is there at the start')
  t.strictSame(watch.lookAtBundles([first.ca, third.ca]), [])
  t.match(watch.lookAtBundles([third.ca]), [{ place: 'webhooks', fingerprint: /^[0-9A-F:]{95}$/ }])
  t.strictSame(watch.lookAtBundles([third.ca, second.ca]), [], 'once')
  const published = await issue()
  t.strictSame(watch.lookAtBundles([published.ca]), [])
  look(watch, undefined)
  look(watch, first, published)
  t.strictSame(watch.lookAtBundles([published.ca]), [], 'it was in the Secret meanwhile')
})

t.test('what is remembered has an end', async t => {
  const watch = new AuthorityWatch(2)
  watch.lookAtBundles([])
  for (const { ca } of [first, second, third]) watch.expect(ca)
  for (const _ of [1, 2]) watch.lookAtBundles([first.ca])
  watch.lookAtBundles([])
  t.strictSame(watch.lookAtBundles([third.ca]), [])
  t.strictSame(watch.lookAtBundles([third.ca]), [], 'the last are known')
  t.strictSame(watch.lookAtBundles([second.ca]), [])
  t.equal(watch.lookAtBundles([second.ca]).length, 1, 'the first are not')
})
