import t from 'tap'
import { explainInvalidImage, parseImageName } from '../../src/kubelet/image-name.ts'

const HEX = '0123456789abcdef'.repeat(4)

t.test('an image name is normalised as the kubelet does it', async t => {
  const cases: [image: string, registry: string, path: string][] = [
    ['nginx', 'docker.io', 'library/nginx'],
    ['nginx:1.29', 'docker.io', 'library/nginx'],
    ['acme/web', 'docker.io', 'acme/web'],
    ['docker.io/nginx', 'docker.io', 'library/nginx'],
    ['index.docker.io/nginx', 'docker.io', 'library/nginx'],
    ['ghcr.io/acme/web:1', 'ghcr.io', 'acme/web'],
    ['localhost/web', 'localhost', 'web'],
    ['localhost:5000/web', 'localhost:5000', 'web'],
    ['registry:5000/web', 'registry:5000', 'web'],
    ['Registry/web', 'Registry', 'web'],
    ['10.0.0.1/web', '10.0.0.1', 'web'],
    ['[fd00::1]:5000/web', '[fd00::1]:5000', 'web'],
    ['[fd00::1]/web', '[fd00::1]', 'web'],
    ['foo_bar.com/web', 'foo_bar.com', 'web'],
    [`ghcr.io/acme/web@sha256:${HEX}`, 'ghcr.io', 'acme/web'],
    [`ghcr.io/acme/web:1@sha512:${HEX}${HEX}`, 'ghcr.io', 'acme/web'],
    [`ghcr.io/${'a'.repeat(255)}`, 'ghcr.io', 'a'.repeat(255)],
    [`${'h'.repeat(300)}.io/web`, `${'h'.repeat(300)}.io`, 'web'],
    ['ghcr.io/a__b/c.d/e--f', 'ghcr.io', 'a__b/c.d/e--f'],
  ]
  for (const [image, registry, path] of cases)
    t.strictSame(parseImageName(image), { registry, path }, image.slice(0, 80))
})

t.test('what the kubelet calls InvalidImageName has no name', async t => {
  const cases = [
    ['', 'nothing'],
    [HEX, '64 hexadecimal digits'],
    ['ghcr.io/', 'no path'],
    ['ghcr.io/Acme', 'a capital in the path'],
    ['Nginx', 'a capital where there is no registry'],
    ['ghcr.io//acme', 'two slashes'],
    ['ghcr.io/a..b', 'two dots'],
    ['ghcr.io/a___b', 'three underscores'],
    ['ghcr.io/-a', 'a dash in front'],
    ['-a.io/web', 'a host that begins with a dash'],
    ['a..io/web', 'an empty part of the host'],
    ['foo_bar:5000/web', 'an underscore in a host with a port'],
    ['ghcr.io:x/web', 'a port that is no number'],
    ['[fd00::1/web', 'an open bracket'],
    ['nginx:', 'an empty tag'],
    ['nginx:-x', 'a tag that begins with a dash'],
    [`nginx:${'t'.repeat(129)}`, 'a tag of 129 characters'],
    ['nginx@sha256:abc', 'a short digest'],
    [`nginx@sha256:${HEX.toUpperCase()}`, 'a digest in capitals'],
    [`nginx@md5:${HEX}`, 'an unknown algorithm'],
    [`ghcr.io/${'a'.repeat(256)}`, 'a path of 256 characters'],
    [`foo_bar.com/${'a'.repeat(250)}`, 'a path of 262 characters, as foo_bar.com is a part of it'],
    ['nginx ', 'a space'],
    ['näginx', 'a letter of no name'],
  ]
  for (const [image = '', name = ''] of cases) t.equal(parseImageName(image), undefined, name)
})

t.test('a name of megabytes is answered', async t => {
  const long = 1_500_000
  t.match(parseImageName(`${'a-'.repeat(long / 2)}a.io/web`), { path: 'web' })
  t.match(parseImageName(`${'a.'.repeat(long / 2)}io/web`), { path: 'web' })
  t.equal(parseImageName('a/'.repeat(long / 2)), undefined)
  t.equal(parseImageName(`nginx${':1'.repeat(long / 2)}`), undefined)
  t.equal(parseImageName(`[${':'.repeat(long)}`), undefined)
})

const FORMAT = 'invalid reference format'
const CAPITALS = 'invalid reference format: repository name must be lowercase'

t.test('why a name is invalid, in the words of the kubelet, and what was meant where that is plain', async t => {
  const cases: [image: string, reason: string, instead?: string][] = [
    ['a_F/a', 'repository name must be lowercase'],
    ['A_b/c:V1', 'repository name must be lowercase'],
    ['A_b/c d', 'invalid reference format'],
    ['ghcr.io/Acme/Web:V1', CAPITALS, 'ghcr.io/acme/web:V1'],
    ['GHCR.io/Acme', CAPITALS, 'GHCR.io/acme'],
    ['Acme/Web', CAPITALS, 'Acme/web'],
    ['None:None', CAPITALS],
    ['https://ghcr.io/acme/web', FORMAT, 'ghcr.io/acme/web'],
    ['docker://nginx', FORMAT, 'nginx'],
    [' nginx:1 ', FORMAT, 'nginx:1'],
    ['ghcr.io/acme/web:1.0+build5', FORMAT],
    ['ghcr.io/', FORMAT],
    ['', FORMAT],
    ['nginx@sha256:abc', FORMAT],
    [HEX, 'invalid repository name, cannot specify 64-byte hexadecimal strings'],
    [`ghcr.io/${'a'.repeat(256)}`, 'repository name must not be more than 255 characters'],
    [`foo_bar.com/${'a'.repeat(250)}`, 'repository name must not be more than 255 characters'],
    [`nginx@sha256:${HEX}a`, 'invalid checksum digest length'],
    [`nginx:1@sha256:${HEX.toUpperCase()}`, 'invalid checksum digest format'],
    [`nginx@md5:${HEX}`, 'unsupported digest algorithm'],
    [`nginx:1@SHA256:${HEX}`, 'invalid checksum digest format'],
  ]
  for (const [image, reason, instead] of cases) {
    t.strictSame(
      explainInvalidImage(image),
      { reason, ...(instead && { instead }) },
      JSON.stringify(image.slice(0, 80)),
    )
  }
})
