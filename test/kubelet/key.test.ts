import t from 'tap'
import { isDockerStash, parseKey, parseUnstripped } from '../../src/kubelet/key.ts'

t.test('a key becomes what the keyring compares', async t => {
  const cases: [key: string, index: string, host: string, port: string, path: string][] = [
    ['ghcr.io', 'ghcr.io', 'ghcr.io', '', ''],
    ['https://index.docker.io/v1/', 'index.docker.io', 'index.docker.io', '', ''],
    ['https://index.docker.io/v1', 'index.docker.io/v1', 'index.docker.io', '', '/v1'],
    ['http://ghcr.io/v2/acme', 'ghcr.io/acme', 'ghcr.io', '', '/acme'],
    ['ghcr.io/v1/v2/acme', 'ghcr.io/v2/acme', 'ghcr.io', '', '/v2/acme'],
    ['ghcr.io/', 'ghcr.io', 'ghcr.io', '', ''],
    ['HTTPS://ghcr.io', 'HTTPS://ghcr.io', 'HTTPS', '', '//ghcr.io'],
    ['user:password@ghcr.io', 'ghcr.io', 'ghcr.io', '', ''],
    ['ghcr.io:443/acme?x=%zz#f', 'ghcr.io:443/acme', 'ghcr.io', '443', '/acme'],
    ['ghcr.io:', 'ghcr.io:', 'ghcr.io', '', ''],
    ['[fd00::1]:5000', '[fd00::1]:5000', 'fd00::1', '5000', ''],
    ['[fd00::1]', '[fd00::1]', '[fd00::1]', '', ''],
    ['[::ffff:10.0.0.1]:1', '[::ffff:10.0.0.1]:1', '::ffff:10.0.0.1', '1', ''],
    ['[1:2:3:4:5:6:7:8]', '[1:2:3:4:5:6:7:8]', '[1:2:3:4:5:6:7:8]', '', ''],
    ['[::1%2525en0]:1', '[::1%25en0]:1', '::1%en0', '1', ''],
    ['[::1%2525]x]:1', '[::1%25]x]:1', '[::1%]x]:1', '', ''],
    ['a]b:80', 'a]b:80', 'a]b:80', '', ''],
    ['ghcr.io/%61cme', 'ghcr.io/acme', 'ghcr.io', '', '/acme'],
    ['ghcr.io/%2561cme', 'ghcr.io/%61cme', 'ghcr.io', '', '/acme'],
    ['ghcr.io/a%3Fb', 'ghcr.io/a?b', 'ghcr.io', '', '/a'],
    ['ghcr.io/%ff', 'ghcr.io/\u00ff', 'ghcr.io', '', '/\u00ff'],
    ['é.io', '\u00c3\u00a9.io', '\u00c3\u00a9.io', '', ''],
    ['a%c3%a9.io', 'a\u00c3\u00a9.io', 'a\u00c3\u00a9.io', '', ''],
    ['', '', '', '', ''],
  ]
  for (const [key, index, host, port, path] of cases) t.strictSame(parseKey(key), { index, host, port, path }, key)
})

t.test('the keyring can do nothing with a key', async t => {
  const cases: [key: string, why: string][] = [
    ['gh cr.io', 'a space in the host'],
    ['ghcr.io/a\nb', 'a line break'],
    ['ghcr.io/a\u007fb', 'a control character'],
    ['ghcr.io/%', 'half an escape'],
    ['ghcr.io/%zz', 'an escape of no digits'],
    ['ghcr.io/%25zz', 'one after the first round'],
    ['ghcr.io/%0a', 'a line break after the first round'],
    ['ghcr.io#%zz', 'an escape of no digits in the fragment'],
    ['ghcr%2eio', 'an escaped letter in the host'],
    ['ghcr%c3^.io', 'a bad letter behind an escape in the host'],
    ['ghcr.io:x', 'a port that is no number'],
    ['ghcr.io:1:2', 'two ports'],
    ['a[::1]', 'a bracket inside'],
    ['[::1', 'an open bracket'],
    ['[::1]x', 'something behind the bracket'],
    ['[::1]:x', 'a port that is no number behind the bracket'],
    ['[10.0.0.1]', 'an IPv4 address in brackets'],
    ['[::10.0.0.256]', 'an IPv4 tail above 255'],
    ['[::10.0.0.01]', 'an IPv4 tail with a leading zero'],
    ['[::10.0.0]', 'an IPv4 tail of three'],
    ['[10.0.0.1::]', 'an IPv4 address in front'],
    ['[1::2::3]', 'two gaps'],
    ['[1:2:3:4:5:6:7::8]', 'a gap for nothing'],
    ['[1:2:3:4:5:6:7]', 'seven groups'],
    ['[12345::]', 'a group of five digits'],
    ['[::1%25]', 'no zone'],
    ['[::1%2525]', 'no zone after the first round'],
    ['[::1%25%2f]', 'an escaped slash in the zone'],
    ['[::1%25%c3%a9]', 'escaped bytes in the zone'],
    ['[::1%25^]', 'a bad letter in the zone'],
    ['[::1%20]', 'an escaped space in the address'],
    ['u^:p@ghcr.io', 'a bad letter in the user'],
    ['u%4:p@ghcr.io', 'half an escape in the user'],
  ]
  for (const [key, why] of cases) t.equal(parseKey(key), undefined, why)
})

t.test('the two keys of a login by browser, and no others', async t => {
  t.ok(isDockerStash('https://index.docker.io/v1/access-token'))
  t.ok(isDockerStash('https://index.docker.io/v1/refresh-token'))
  for (const key of [
    'https://index.docker.io/v1/',
    'index.docker.io/v1/access-token',
    'https://ghcr.io/access-token',
  ]) {
    t.notOk(isDockerStash(key), key)
  }
})

t.test('what is longer than any image can be written matches none, but for what is left out of it', async t => {
  const escaped = `r.example.com/${'%2561'.repeat(255)}`
  t.equal(parseKey(escaped)?.path, `/${'a'.repeat(255)}`, 'escaped twice')
  t.equal(parseKey(`r.example.com/${'a'.repeat(8192)}`), undefined)
  const [user, query] = ['u'.repeat(9000), 'q'.repeat(9000)]
  t.equal(parseUnstripped(`https://${user}:p@r.example.com/a?${query}`)?.index, 'r.example.com/a')
})
