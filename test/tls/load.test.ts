import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { issueCertificate } from '../../src/tls/issue.ts'
import { loadAuthorities, loadPair } from '../../src/tls/load.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const HOUR = 3_600_000
const { cert, key, ca } = await issueCertificate(['localhost'], { now: NOW, lifetime: 2 * HOUR })

/** Loads the pair in a folder of these files. */
function load(files: { readonly 'tls.crt'?: string; readonly 'tls.key'?: string }, now = NOW, names = ['localhost']) {
  const folder = t.testdir(files)
  return loadPair({ certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') }, now, names)
}

t.test('a good pair', async t => {
  t.match(await load({ 'tls.crt': cert, 'tls.key': key }), { ok: true, value: { cert, key } })
})

t.test('time alone can make a pair good or bad, and is noticed', async t => {
  const at = (now: number) => load({ 'tls.crt': cert, 'tls.key': key }, now)
  const good = await at(NOW)
  t.equal((await at(NOW + HOUR)).digest, good.digest)
  const late = await at(NOW + 3 * HOUR)
  t.match(late, { ok: false, fault: /expired on/ })
  t.not(late.digest, good.digest)
})

t.test('what cannot be served is told with both files, and what is not there with its flag', async t => {
  t.match(await load({ 'tls.crt': cert, 'tls.key': key }, NOW, ['other.svc']), {
    ok: false,
    fault: /tls\.crt, .*tls\.key: the certificate is not for other\.svc/,
  })
  t.match(await load({ 'tls.crt': cert }), {
    ok: false,
    fault: /^--tls-private-key-file: cannot read .*tls\.key \(ENOENT\)/,
  })
})

t.test('authorities', async t => {
  const file = join(t.testdir(), 'ca.crt')
  writeFileSync(file, ca)
  t.match(await loadAuthorities(file), { ok: true, value: ca })
  writeFileSync(file, cert)
  t.match(await loadAuthorities(file), { ok: false, fault: new RegExp(`^${file}: `) })
})
