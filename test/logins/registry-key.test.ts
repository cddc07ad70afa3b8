import fc from 'fast-check'
import t from 'tap'
import { keyThatWouldWork } from '../../src/kubelet/near-miss.ts'
import { DOCKER_HUB_KEY, scopesOf, writeRegistry } from '../../src/logins/registry-key.ts'

const HUB_SAID = `Docker Hub is written ${DOCKER_HUB_KEY} in a pull secret; using that`
const said = (server: string, key: string) => `the registry "${server}" is written ${key} in a pull secret; using that`

t.test('a registry that can match images is written in its shortest form, silently', async t => {
  const cases = {
    'ghcr.io': 'ghcr.io',
    'https://ghcr.io': 'ghcr.io',
    'https://ghcr.io/v2/': 'ghcr.io',
    'http://reg.example.com:5000/': 'reg.example.com:5000',
    'ghcr.io/': 'ghcr.io',
    // Without the slash it is for ghcr.io/acme-labs too.
    'ghcr.io/acme/': 'ghcr.io/acme/',
    'docker.io/acme': 'docker.io/acme',
    '*.example.com': '*.example.com',
    '[fd00::1]:5000/a': '[fd00::1]:5000/a',
    'localhost:5000': 'localhost:5000',
    // Without its capital no image is on it, but on Docker Hub.
    REGISTRY: 'REGISTRY',
    // Of which the kubelet takes one off, and would take the other off what is left.
    'ghcr.io/v1/v1/a': 'ghcr.io/v1/v1/a',
    [DOCKER_HUB_KEY]: DOCKER_HUB_KEY,
  }
  for (const [server, key] of Object.entries(cases)) t.strictSame(writeRegistry(server), { ok: true, key }, server)
})

t.test("Docker Hub's names become the one that the kubelet falls back on, and that is said", async t => {
  const names = [
    ...['docker.io', 'index.docker.io', 'registry-1.docker.io', 'hub.docker.com', 'https://index.docker.io/v1'],
    ...['registry.hub.docker.com', 'https://hub.docker.com/u/acme', 'index.docker.io/v1/', 'docker.com'],
  ]
  for (const name of names) {
    t.strictSame(writeRegistry(name), { ok: true, key: DOCKER_HUB_KEY, change: HUB_SAID }, name)
  }
})

t.test('what was plainly meant is used, and said', async t => {
  const cases = {
    'GHCR.io/acme': 'ghcr.io/acme',
    ' ghcr.io ': 'ghcr.io',
    'ghcr.io/acme/web:1': 'ghcr.io/acme/web',
    'index.docker.io/acme': 'docker.io/acme',
    'registry-1.docker.io/acme': 'docker.io/acme',
  }
  for (const [server, key] of Object.entries(cases)) {
    t.strictSame(writeRegistry(server), { ok: true, key, change: said(server, key) }, server)
  }
})

t.test('what no image can match is refused, and is not repeated at length', async t => {
  for (const server of ['', '/', 'registry', '::1', 'https://', 'a b', 'ghcr.io/%41', '\u202eghcr.io']) {
    const written = writeRegistry(server)
    t.equal(written.ok, false, server)
    t.match(written, { fault: /^no image matches a registry that is written ".*"; write host, port and path / })
  }
  const long = writeRegistry('x'.repeat(100_000))
  t.ok(!long.ok && long.fault.length < 600)
})

t.test('a user, a password, a query and a fragment are refused, and not repeated', async t => {
  for (const server of ['user:hunter2@ghcr.io', 'https://user:hunter2@ghcr.io', 'ghcr.io?hunter2', 'ghcr.io#hunter2']) {
    const written = writeRegistry(server)
    t.match(written, { ok: false, fault: /^a registry is given as host, port and path alone/ })
    t.notMatch(JSON.stringify(written), 'hunter2')
  }
})

t.test('whatever is written, what comes of it matches an image, and stays as it is', async () => {
  const part = fc.constantFrom(
    'ghcr.io',
    'v1',
    'v2',
    'A',
    'a',
    'docker.io',
    '%2541',
    ':443',
    '//',
    '*',
    ' ',
    'https:',
    'x_y',
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '/'), (parts, glue) => {
      const written = writeRegistry(parts.join(glue))
      if (!written.ok) return true
      const again = writeRegistry(written.key)
      return keyThatWouldWork(written.key) === undefined && again.ok && again.key === written.key
    }),
    { numRuns: 3000 },
  )
})

t.test('a registry is part of what is above it', async t => {
  t.strictSame(scopesOf('ghcr.io/a/b'), ['ghcr.io/a/b', 'ghcr.io/a', 'ghcr.io'])
  t.strictSame(scopesOf('ghcr.io/a/'), ['ghcr.io/a/', 'ghcr.io/a', 'ghcr.io'])
  t.strictSame(scopesOf('docker.io/acme'), ['docker.io/acme', DOCKER_HUB_KEY])
  t.strictSame(scopesOf(DOCKER_HUB_KEY), [DOCKER_HUB_KEY])
})
