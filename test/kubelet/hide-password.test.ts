import fc from 'fast-check'
import t from 'tap'
import { hidePassword } from '../../src/kubelet/hide-password.ts'
import { parseKey } from '../../src/kubelet/key.ts'

t.test('a password in a key is replaced, and nothing else', async t => {
  const cases: [key: string, hidden: string][] = [
    ['https://user:secret@ghcr.io/acme', 'https://user:***@ghcr.io/acme'],
    ['user:secret@ghcr.io', 'user:***@ghcr.io'],
    ['user:se:cr@et@ghcr.io', 'user:***@ghcr.io'],
    ['oci://user:secret@ghcr.io', 'oci://user:***@ghcr.io'],
    ['user:se^ret@ghcr.io', 'user:%hidden%@ghcr.io'],
    ['user:sec/ret@ghcr.io', 'user:%hidden%@ghcr.io'],
    ['oci://[:%]/acme@x', 'oci://[:%hidden%@x'],
    ['user@ghcr.io', 'user@ghcr.io'],
    ['ghcr.io:443/acme', 'ghcr.io:443/acme'],
    ['ghcr.io:443/acme@1', 'ghcr.io:443/acme@1'],
    ['ghcr.io#a:%zz@b', 'ghcr.io#a:%zz@b'],
    ['https://index.docker.io/v1/', 'https://index.docker.io/v1/'],
  ]
  for (const [key, hidden] of cases) t.equal(hidePassword(key), hidden, key)
})

t.test('to the keyring a key with a hidden password is what it was', async () => {
  const text = fc.array(fc.constantFrom(...'aé:/@#?%^1[].'), { maxLength: 12 }).map(letters => letters.join(''))
  fc.assert(
    fc.property(fc.constantFrom('', 'https://', 'http://', 'oci://'), text, (scheme, rest) => {
      const before = parseKey(scheme + rest)
      const after = parseKey(hidePassword(scheme + rest))
      if (scheme === 'oci://') return (before === undefined) === (after === undefined)
      return before?.host === after?.host && before?.port === after?.port && before?.path === after?.path
    }),
    { numRuns: 5000 },
  )
})
