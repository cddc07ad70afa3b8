import t from 'tap'
import { findInvalidImages } from '../../../src/policy/findings/image-invalid.ts'
import { IMAGE, podFacts } from '../pod-case.ts'

const invalid = (...images: string[]) => findInvalidImages(podFacts({ images }))

t.test('an image whose name the kubelet cannot parse', async t => {
  t.strictSame(invalid(IMAGE, 'UPPER'), [
    {
      code: 'ImageInvalid',
      effect: 'blocks',
      container: 'c1',
      image: 'UPPER',
      origin: 'object',
      affectsPrivate: false,
      message: 'image "UPPER" of container "c1" is not a valid image name; correct it',
    },
  ])
})

t.test('what it holds is quoted, and cut to what a line has room for', async t => {
  const [long, odd] = invalid(`nginx:${'!'.repeat(100)}`, 'a"b\nc')
  t.match(long?.message, `image "nginx:${'!'.repeat(73)}…" of container "c0"`)
  t.match(odd?.message, 'image "a\\"b\\nc" of container "c1"')
})

t.test('valid names', async t => t.strictSame(invalid(IMAGE, 'nginx', 'localhost:5000/web:1'), []))
