import t from 'tap'
import { readImages } from '../../site/keyring/read-images.ts'

t.test('one image a line, as it is written and once', async t => {
  t.strictSame(readImages('nginx\r\n\n  \n ghcr.io/a/b\nnginx'), { images: ['nginx', ' ghcr.io/a/b'], remark: '' })
})

t.test('there are no more than somebody reads', async t => {
  const remark = 'Only the first 100 images are looked at.'
  const { images, remark: said } = readImages(Array.from({ length: 101 }, (_, i) => `i${i}`).join('\n'))
  t.equal(images.length, 100)
  t.equal(said, remark)
  t.equal(readImages('x'.repeat(100_001)).remark, remark)
})
