import t from 'tap'
import { parseLocation, splitHostPort } from '../../../src/kubelet/go/url.ts'

// test/kubelet/recorded.test.ts compares thousands with Go's own answers.
const cases: readonly [text: string, host: string | undefined, path?: string][] = [
  ['ghcr.io', 'ghcr.io', ''],
  ['ghcr.io/v2/acme', 'ghcr.io', '/v2/acme'],
  ['ghcr.io:5000?query=1#fragment', 'ghcr.io:5000', ''],
  ['ghcr.io/a%62c', 'ghcr.io', '/abc'],
  ['jane:doe@ghcr.io/x', 'ghcr.io', '/x'],
  ['*.dkr.ecr.*.amazonaws.com', '*.dkr.ecr.*.amazonaws.com', ''],
  ['[fd00::1]:5000/x', '[fd00::1]:5000', '/x'],
  ['[fe80::1%25en0]', '[fe80::1%en0]', ''],
  ['[::ffff:1.2.3.4]', '[::ffff:1.2.3.4]', ''],
  ['', '', ''],
  ['ghcr.io:port', undefined],
  ['ghcr io', undefined],
  ['ghcr.io/%zz', undefined],
  ['ghcr.io/#%', undefined],
  ['a\u0001b', undefined],
  ['ja ne@ghcr.io', undefined],
  ['ghcr%41.io', undefined],
  ['a[::1]', undefined],
  ['[::1', undefined],
  ['[::1]x', undefined],
  ['[1::2::3]', undefined],
  ['[1:2:3]', undefined],
  ['[::1%25]', undefined],
  ['[::1.2.3.400]', undefined],
]

t.test('a location is parsed as Go does, or fails as Go does', async t => {
  for (const [text, host, path] of cases) {
    t.strictSame(parseLocation(text), host === undefined ? undefined : { host, path }, JSON.stringify(text))
  }
})

t.test('a host is split from its port as Go does', async t => {
  t.strictSame(splitHostPort('ghcr.io'), { name: 'ghcr.io', port: '' })
  t.strictSame(splitHostPort('ghcr.io:5000'), { name: 'ghcr.io', port: '5000' })
  t.strictSame(splitHostPort('[fd00::1]:5000'), { name: 'fd00::1', port: '5000' })
  t.strictSame(splitHostPort('[fd00::1]'), { name: '[fd00::1]', port: '' })
})
