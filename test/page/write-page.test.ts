import { createHash } from 'node:crypto'
import t from 'tap'
import { mergedPageOf } from '../../src/page/merged/merged-page.ts'
import type { Page } from '../../src/page/page.ts'
import { pageOf } from '../../src/page/scan-page.ts'
import { embedJson, writePage } from '../../src/page/write-page.ts'
import type { ScanDocument } from '../../src/scan/formats/scan-document.ts'
import { holdsInvisible } from '../runtime/hostile-text.ts'
import { HOSTILE, hostile, large, sample } from './documents.ts'
import { mergedOf } from './merged/merged-of.ts'

const write = (page: Page) => writePage(page)
const pages = {
  scan: (word: string) => write(pageOf(hostile(word), '0.1.0')),
  merged: (word: string) => write(mergedPageOf(mergedOf([hostile(word), hostile(word)], [word]), '0.1.0')),
}

/** The tags of a page with the names of their attributes, and nothing that stands in or between them. */
function skeletonOf(html: string): readonly string[] {
  return (html.match(/<[^>]*>/g) ?? []).map(tag => tag.replaceAll(/="[^"]*"/g, '=""'))
}

for (const [kind, pageWith] of Object.entries(pages)) {
  t.test(`a hostile name is text wherever it stands in a page of a ${kind}`, async t => {
    const harmless = skeletonOf(pageWith('Some Name'))
    t.ok(harmless.length > 100)
    for (const [i, word] of HOSTILE.entries()) {
      const html = pageWith(word)
      const what = `text ${i}`
      t.strictSame(skeletonOf(html), harmless, what)
      t.notOk(holdsInvisible(html.replaceAll('\n', '')), what)
      t.ok(html.length < 300_000, what)
      const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? []
      t.equal(Object.keys(JSON.parse(data)).length, 2, what)
    }
  })
}

t.test('the title carries the verdict, and the policy allows our style and script alone', async t => {
  const html = write(pageOf(sample(), '0.1.0'))
  t.match(html, '<title>3 workloads will not pull - regcred</title>')
  t.match(html, '<meta property="og:title" content="3 workloads will not pull">')
  const hashOf = (text = '') => `sha256-${createHash('sha256').update(text).digest('base64')}`
  const [style] = html.match(/(?<=<style>).*?(?=<\/style>)/s) ?? []
  const [script] = html.match(/(?<=<script>).*?(?=<\/script>)/s) ?? []
  const [policy = ''] = html.match(/(?<=Content-Security-Policy" content=").*?(?=">)/) ?? []
  t.equal(
    policy.replaceAll('&#39;', "'"),
    `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; img-src data:; base-uri 'none'; form-action 'none'`,
  )
  t.notMatch(html, / (style|on[a-z]+)=/, 'neither is written into an element')
  t.notMatch(html, /<(img|iframe|object|embed|form [^>]*action)/)
})

t.test('nothing on a page is of another place but links to the documentation', async t => {
  const html = write(pageOf(sample(), '0.1.0'))
  const addresses = [...html.matchAll(/(?:href|src|content)="([a-z]+:[^"]*)"/g)].map(([, address = '']) => address)
  t.strictSame(
    addresses.filter(
      address => !/^data:image|^https:\/\/github\.com\/regcred\/regcred\/blob\/main\/docs\//.test(address),
    ),
    [],
  )
})

t.test('a large cluster makes a page that opens, and says where the rest is', async t => {
  const html = write(pageOf(large(5000, 10_000), '0.1.0'))
  t.ok(html.length < 2.5 * 1024 * 1024, `${html.length}`)
  t.match(html, '4,900 more causes: regcred scan -o wide has all.')
  t.match(html, '9,700 more: regcred scan --secrets -o wide has all.')
  t.match(html, /Download causes as CSV \(the first [\d,]+ of 5,000\)/)
})

t.test('a namespace that the filter has no room for is on the page all the same', async t => {
  const many = Array.from({ length: 2500 }, (_, i) => `n${i}`)
  const [known] = sample().namespaces
  const namespaces = many.map(namespace => ({ ...known, namespace }) as ScanDocument['namespaces'][number])
  const [wrong] = sample().causes
  const causes = [{ ...wrong, namespace: 'n2400' } as ScanDocument['causes'][number]]
  const html = write(pageOf({ ...sample(), namespaces, causes }, '0.1.0'))
  t.match(html, '<option value="1999">n1999</option>')
  t.notMatch(html, '<option value="2000">')
  t.match(html, '<article class="card error" data-group=""')
})

t.test('a page without anything wrong has neither cards nor a filter', async t => {
  const html = write(pageOf({ ...sample(), ...NOTHING }, '0.1.0'))
  t.match(html, 'All 413 workloads can pull')
  t.notMatch(html, /<article|id="filters"/)
  t.match(html, 'No pull secret was found.')
})

const NOTHING: Partial<ScanDocument> = {
  ...{ causes: [], waiting: [], secrets: [], expiring: [], unused: [], serviceAccounts: [], notRead: [], remarks: [] },
  ...{ namespaces: [], summary: { workloads: 413, willNotPull: 0, mayNotPull: 0, notes: 0, unused: 0 } },
}

t.test('JSON for a script cannot end it, and is what it was', async t => {
  const value = { a: '</script><!--<script>&\u2028' }
  t.notMatch(embedJson(value), /[<>&\u2028]/)
  t.strictSame(JSON.parse(embedJson(value)), value)
})
