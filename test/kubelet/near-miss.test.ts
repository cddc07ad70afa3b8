import fc from 'fast-check'
import t from 'tap'
import { parseImageName } from '../../src/kubelet/image-name.ts'
import { lookup } from '../../src/kubelet/keyring.ts'
import { keyThatWouldWork, nearMiss } from '../../src/kubelet/near-miss.ts'
import { Budget } from '../../src/runtime/budget.ts'
import { matchingCase } from './cases.ts'

const secret = (...keys: string[]) => ({ name: 's', entries: keys.map(key => ({ key, usable: true })) })
const HUB = 'https://index.docker.io/v1/'

t.test('an entry that would not help is none', async t => {
  const image = parseImageName('acme/web')
  const of = (key: string, usable: boolean) => image && nearMiss([{ name: 's', entries: [{ key, usable }] }], image)
  t.match(of('https://index.docker.io/v1', true), { instead: HUB })
  t.equal(of('https://index.docker.io/v1', false), undefined, 'it is not usable')
  t.equal(of('https://index.docker.io/v1/access-token', true), undefined, 'it is kept there by Docker')
  t.equal(of(HUB, true), undefined, 'nobody is told to write what stands there')
})

t.test('the entry that was most likely meant is found', async t => {
  const cases: [
    name: string,
    image: string,
    keys: string[],
    near: [key: string, instead: string, isMeant?: false] | undefined,
  ][] = [
    ['Docker Hub without the last slash', 'nginx', ['https://index.docker.io/v1'], ['https://index.docker.io/v1', HUB]],
    ["Docker Hub's registry", 'nginx', ['https://registry-1.docker.io'], ['https://registry-1.docker.io', HUB]],
    ["Docker Hub's website", 'acme/web', ['hub.docker.com'], ['hub.docker.com', HUB]],
    ['a scheme of another program', 'ghcr.io/acme/web', ['oci://ghcr.io'], ['oci://ghcr.io', 'ghcr.io']],
    ['a scheme in capitals', 'ghcr.io/acme/web', ['HTTPS://ghcr.io'], ['HTTPS://ghcr.io', 'ghcr.io']],
    ['a host in capitals', 'ghcr.io/acme/web', ['GHCR.io'], ['GHCR.io', 'ghcr.io']],
    ['a path in capitals', 'ghcr.io/acme/web', ['ghcr.io/Acme'], ['ghcr.io/Acme', 'ghcr.io/acme']],
    ['a path with a glob', 'ghcr.io/acme/web', ['ghcr.io/acme/*'], ['ghcr.io/acme/*', 'ghcr.io/acme/']],
    [
      'a glob before the end of its path',
      'ghcr.io/acme/web',
      ['ghcr.io/*/web'],
      ['ghcr.io/*/web', 'ghcr.io/acme', false],
    ],
    ['another path', 'ghcr.io/acme/web', ['ghcr.io/acme/api'], ['ghcr.io/acme/api', 'ghcr.io/acme']],
    ['a path altogether different', 'ghcr.io/acme/web', ['ghcr.io/other'], ['ghcr.io/other', 'ghcr.io/acme', false]],
    ['a path of another letter', 'ghcr.io/acme/web', ['ghcr.io/acmee/web'], ['ghcr.io/acmee/web', 'ghcr.io/acme']],
    ['a path on another port', 'reg.io/acme/web', ['reg.io:1/acme'], ['reg.io:1/acme', 'reg.io/acme', false]],
    [
      'a path that goes on',
      'ghcr.io/acme/web',
      ['ghcr.io/acme/web/deep'],
      ['ghcr.io/acme/web/deep', 'ghcr.io/acme/web'],
    ],
    ['another port', 'reg.io:5000/web', ['reg.io'], ['reg.io', 'reg.io:5000', false]],
    ['a glob for one part', 'a.b.example.com/web', ['*.example.com'], ['*.example.com', 'a.b.example.com', false]],
    ['a glob for the domain itself', 'example.com/web', ['*.example.com'], ['*.example.com', 'example.com', false]],
    ['a glob with another port', 'a.b.example.com/web', ['*.example.com:1'], undefined],
    [
      'the nearest of several',
      'ghcr.io/acme/web',
      ['ghcr.io:1', 'ghcr.io/x', 'oci://ghcr.io', 'ghcr.io/y'],
      ['oci://ghcr.io', 'ghcr.io'],
    ],
    ['something else', 'ghcr.io/acme/web', ['quay.io', '*.example.com', 'docker.io'], undefined],
    ['a host inside another', 'cr.io/acme/web', ['ghcr.io'], undefined],
    ['a key beyond repair', 'ghcr.io/acme/web', ['gh cr.io ghcr.io'], undefined],
    ['an image of a host that is no address', '[1:2]/web', ['[1:2]'], undefined],
    ['no entry', 'nginx', [], undefined],
  ]
  for (const [name, image, keys, near] of cases) {
    const holder = secret(...keys)
    const found = nearMiss([secret(), holder], parseImageName(image) ?? { registry: '', path: '' })
    const [key, instead, isMeant = true] = near ?? []
    t.strictSame(found, near && { secret: holder, entry: { key, usable: true }, instead, isMeant }, name)
  }
})

t.test('a key with a path is never answered with the whole host', async t => {
  const part = fc.constantFrom('acme', 'Acme', '*', 'web', 'a*', '*b', '', 'web:1', '@', '{a,b}')
  const host = fc.constantFrom('ghcr.io', 'https://ghcr.io', 'oci://GHCR.io', 'quay.io:443')
  const image = fc.constantFrom('ghcr.io/acme/web', 'ghcr.io/other/web/deep', 'quay.io/acme/web')
  const property = fc.property(host, fc.array(part, { maxLength: 4 }), image, (host, parts, name) => {
    const key = [host, ...parts].join('/')
    const hasPath = parts.some(each => !/^\**$/.test(each))
    const parsed = parseImageName(name)
    const instead = parsed && nearMiss([secret(key)], parsed)?.instead
    const alone = keyThatWouldWork(key)?.instead
    return !hasPath || [instead, alone].every(each => each === undefined || /^[^/]+\/[^/]/.test(each))
  })
  t.notOk(fc.check(property, { numRuns: 2000 }).counterexample)
})

t.test('a key that can match no image is known, and the one that was meant is named', async t => {
  const cases: [key: string, instead: string | undefined][] = [
    ['https://index.docker.io/v1', HUB],
    ['index.docker.io/acme', 'docker.io/acme'],
    ['https://registry-1.docker.io//v2/', HUB],
    ['hub.docker.com', HUB],
    ['https://hub.docker.com/u/acme', HUB],
    ['oci://ghcr.io/acme', 'ghcr.io/acme'],
    ['https//ghcr.io', 'ghcr.io'],
    ['oci://user:password@ghcr.io?x=1', 'ghcr.io'],
    ['//ghcr.io', 'ghcr.io'],
    [' ghcr.io\n', 'ghcr.io'],
    ['ghcr.io.', 'ghcr.io'],
    ['ghcr.io/Acme', 'ghcr.io/acme'],
    ['ghcr.io//acme/', 'ghcr.io/acme'],
    ['ghcr.io/acme/*', 'ghcr.io/acme/'],
    ['ghcr.io/*', 'ghcr.io'],
    ['ghcr.io/acme/web:1.0', 'ghcr.io/acme/web'],
    ['ghcr.io/**', 'ghcr.io'],
    ['ghcr.io/*/web', undefined],
    ['index.docker.io/*/web', undefined],
    ['https://registry-1.docker.io/v2/*/web', undefined],
    ['myregistry', undefined],
    ['', undefined],
    ['ghcr.io:*', undefined],
    ['[fd00::1]', undefined],
    ['ghcr.io/a..b', undefined],
    [`ghcr.io/${'a'.repeat(256)}`, undefined],
  ]
  for (const [key, instead] of cases) t.strictSame(keyThatWouldWork(key), instead === undefined ? {} : { instead }, key)
})

t.test('nothing is wrong with a key that can match an image', async t => {
  const keys = [
    ...[
      HUB,
      'index.docker.io',
      'docker.io',
      'docker.io/acme',
      'registry-1.docker.io',
      'ghcr.io',
      'https://ghcr.io/v2/',
    ],
    ...[
      '*',
      '*.io',
      '*-docker.pkg.dev',
      '*_x.io',
      'localhost',
      'reg:5000',
      'Reg',
      '*:5000',
      '[fd00::1]:5000',
      '[F::1]',
    ],
    ...['ghcr.io/acme', 'ghcr.io/acme-', 'ghcr.io/acme/', 'ghcr.io/v1', `ghcr.io/${'a'.repeat(255)}`, 'ghcr.io?x'],
  ]
  for (const key of keys) t.equal(keyThatWouldWork(key), undefined, key)
})

t.test('no image of any case is matched by a key of which that is said', async () => {
  fc.assert(
    fc.property(matchingCase(), ({ secrets, image }) => {
      const name = parseImageName(image)
      const keys = secrets.flatMap(({ data }) => Object.values(data).flatMap(keysIn))
      return keys.every(
        key => keyThatWouldWork(key) === undefined || name === undefined || lookup([secret(key)], name).length === 0,
      )
    }),
    { numRuns: 2000 },
  )
})

t.test('thousands of entries are looked through', async t => {
  const keys = Array.from({ length: 100_000 }, (_, at) => `ghcr.io/x${at}`)
  t.match(nearMiss([secret(...keys)], { registry: 'ghcr.io', path: 'acme/web' }), { instead: 'ghcr.io/acme' })
})

function keysIn(data: string): string[] {
  const config = JSON.parse(Buffer.from(data, 'base64').toString())
  return Object.keys(config.auths ?? config)
}

t.test('with fewer steps the nearest of those that were compared is said, or none', async t => {
  const secrets = [secret('ghcr.io:1', 'oci://ghcr.io')]
  const image = { registry: 'ghcr.io', path: 'acme/web' }
  const near = (steps: number) => nearMiss(secrets, image, new Budget(steps, 0))?.entry.key
  t.strictSame([near(0), near(150), near(1000)], [undefined, 'ghcr.io:1', 'oci://ghcr.io'])
})

t.test('of a key that is longer than anybody would write nothing is suggested', async t => {
  const long = `oci://ghcr.io/${'a/'.repeat(1000)}`
  t.strictSame(keyThatWouldWork(long), {})
  t.equal(nearMiss([secret(long)], { registry: 'ghcr.io', path: 'acme/web' }), undefined)
})
