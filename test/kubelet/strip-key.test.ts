import fc from 'fast-check'
import t from 'tap'
import { parseKey } from '../../src/kubelet/key.ts'
import { stripKey } from '../../src/kubelet/strip-key.ts'

t.test('a key is shown as scheme, host, port and path', async t => {
  const cases: [key: string, stripped: string][] = [
    ['https://user:secret@ghcr.io/acme', 'https://ghcr.io/acme'],
    ['user:secret@ghcr.io:443', 'ghcr.io:443'],
    ['user@ghcr.io', 'ghcr.io'],
    ['user:se:cr%40et@ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/acme?token=secret', 'https://ghcr.io/acme'],
    ['https://ghcr.io/acme#secret', 'https://ghcr.io/acme'],
    ['https://ghcr.io/acme?user=a@b', 'https://ghcr.io/acme'],
    ['https://user:secret@ghcr.io?a@b#c@d', 'https://ghcr.io'],
    ['oci://user:secret@ghcr.io', 'oci://ghcr.io'],
    ['oci://ghcr.io/acme?token=secret', 'oci://ghcr.io/acme'],
    ['https://index.docker.io/v1/', 'https://index.docker.io/v1/'],
    ['ghcr.io:443/acme', 'ghcr.io:443/acme'],
    ['ghcr.io:port', 'ghcr.io:port'],
  ]
  for (const [key, stripped] of cases) t.equal(stripKey(key), stripped, key)
})

t.test('what may be a password is hidden where a key does not parse, which it still does not', async t => {
  const cases: [key: string, stripped: string][] = [
    ['user:se^ret@ghcr.io', '%hidden%@ghcr.io'],
    ['https://user:sec/ret@ghcr.io', 'https://%hidden%@ghcr.io'],
    ['https://user:12/ret@ghcr.io/acme', 'https://%hidden%@ghcr.io/acme'],
    ['user:se cret@ghcr.io:port/x', 'ghcr.io:port/x'],
    ['https://ghcr.io#%zz', 'https://%hidden%@ghcr.io'],
    ['ghcr.io:443/acme@1', '%hidden%@1'],
    ['user:pass word@ghcr.io?token=secret', '%hidden%@ghcr.io'],
  ]
  for (const [key, stripped] of cases) {
    t.equal(stripKey(key), stripped, key)
    t.equal(parseKey(stripped), undefined, stripped)
  }
})

const text = fc.array(fc.constantFrom(...'aé:/@#?%^1[].'), { maxLength: 12 }).map(letters => letters.join(''))
const key = fc.tuple(fc.constantFrom('', 'https://', 'http://', 'oci://'), text).map(parts => parts.join(''))

t.test('to the keyring a stripped key is what it was, unless no image could match it', async () => {
  fc.assert(
    fc.property(key, key => {
      const before = parseKey(key)
      const after = parseKey(stripKey(key))
      // What follows another scheme is a path to the keyring, with two slashes, as no image has them.
      if (key.startsWith('oci:')) return before !== undefined || after === undefined
      if (before?.path.includes('@') && after === undefined) return true
      return before?.index === after?.index && before?.host === after?.host && before?.port === after?.port
    }),
    { numRuns: 5000 },
  )
})

t.test('neither a user nor a query is left, and stripping again changes nothing', async () => {
  fc.assert(
    fc.property(key, key => {
      const stripped = stripKey(key)
      return !/[@?#]/.test(stripped.replace('%hidden%@', '')) && stripKey(stripped) === stripped
    }),
    { numRuns: 5000 },
  )
})

t.test('a user and a query of any length are left out', async t => {
  t.equal(stripKey(`https://${'u'.repeat(9000)}:p@r.example.com/a?${'q'.repeat(9000)}`), 'https://r.example.com/a')
})
