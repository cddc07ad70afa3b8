import t from 'tap'
import { findInvalidImages } from '../../../src/policy/findings/image-invalid.ts'
import { asTold, IMAGE, podFacts } from '../pod-case.ts'

const invalid = (...images: string[]) => asTold(findInvalidImages(podFacts({ images })))

t.test('an image whose name the kubelet cannot parse', async t => {
  t.strictSame(invalid(IMAGE, 'ghcr.io/Acme/web:V1'), [
    {
      code: 'ImageInvalid',
      effect: 'blocks',
      container: 'c1',
      image: 'ghcr.io/Acme/web:V1',
      origin: 'object',
      affectsPrivate: false,
      suggestion: { of: 'value', text: 'ghcr.io/acme/web:V1' },
      message:
        'image "ghcr.io/Acme/web:V1" of container "c1" is not a valid image name (invalid reference format: repository name must be lowercase); write "ghcr.io/acme/web:V1"',
    },
  ])
})

t.test('what it holds is quoted, and cut to what a line has room for', async t => {
  const [long, odd] = invalid(`nginx:${'!'.repeat(100)}`, 'a"b\nc')
  t.match(long?.message, `image "nginx:${'!'.repeat(73)}…" of container "c0"`)
  t.match(odd?.message, 'image "a\\"b\\nc" of container "c1"')
})

t.test('valid names', async t => t.strictSame(invalid(IMAGE, 'nginx', 'localhost:5000/web:1'), []))
