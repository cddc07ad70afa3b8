import assert from 'node:assert/strict'
import { Merge } from '../../src/page/merged/merge.ts'
import { writePageMarkdown } from '../../src/page/merged/merged-markdown.ts'
import { mergedPageOf } from '../../src/page/merged/merged-page.ts'
import { readDocument } from '../../src/page/merged/read-document.ts'
import { writePage } from '../../src/page/write-page.ts'
import { holdsInvisible } from '../runtime/hostile-text.ts'
import { mutatedScan } from './inputs.ts'
import type { Property } from './property.ts'

/** What a file says of a scan becomes a page in which nothing of it is more than text, or one line that says what is wrong with it. */
export const MERGED: Property = {
  name: 'scan',
  inputs: mutatedScan(),
  check: input => {
    const read = readDocument(input.toString())
    if ('fault' in read) {
      assert.ok(!holdsInvisible(read.fault))
      return
    }
    const merge = new Merge()
    merge.add(read.scan, 'a')
    const page = mergedPageOf(merge.end(0), '0.1.0')
    const html = writePage(page)
    const tags = [...html.matchAll(/<(\/?[a-z0-9]+|!)/gi)].map(([, tag]) => tag)
    assert.equal(tags.filter(tag => tag === 'script').length, 2)
    assert.equal(tags.filter(tag => tag === 'article').length, page.cards.length)
    assert.deepEqual(
      tags.filter(tag => !TAGS.has(tag?.replace('/', '') ?? '')),
      [],
    )
    assert.ok(!holdsInvisible(`${html}${writePageMarkdown(page)}`.replaceAll('\n', '')))
  },
}

/** Those of the templates. */
const TAGS = new Set([
  ...['!', 'html', 'head', 'meta', 'title', 'link', 'style', 'body', 'header', 'main', 'footer', 'section', 'script'],
  ...['article', 'h1', 'h2', 'h3', 'p', 'ul', 'li', 'span', 'strong', 'a', 'div', 'pre', 'code', 'button', 'form'],
  ...['label', 'select', 'option', 'input', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
])
