import t from 'tap'
import { writePageMarkdown } from '../../../src/page/merged/merged-markdown.ts'
import { mergedPageOf } from '../../../src/page/merged/merged-page.ts'
import { HOSTILE, hostile, sample } from '../documents.ts'
import { mergedOf } from './merged-of.ts'

const write = (...args: Parameters<typeof mergedOf>) => writePageMarkdown(mergedPageOf(mergedOf(...args), '0.1.0'))

t.test('hostile names are text, a line each', async t => {
  const lines = write([hostile('Some Name')]).split('\n').length
  for (const word of HOSTILE) {
    const written = write([hostile(word)])
    t.notMatch(written, /<(script|img|svg|!)/)
    t.equal(written.split('\n').length, lines)
  }
})

t.test('of very many rows the first are written, and the rest is counted', async t => {
  const many = Array.from({ length: 70 }, (_, i) => sample(`c${i}`))
  t.match(write(many), '\n20 more rows: -o html has them.\n')
})
