import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import type { BrowserContextOptions, Page as BrowserPage } from 'playwright-core'
import t, { type Test } from 'tap'
import { mergedPageOf } from '../../src/page/merged/merged-page.ts'
import type { Page } from '../../src/page/page.ts'
import { pageOf } from '../../src/page/scan-page.ts'
import { writePage } from '../../src/page/write-page.ts'
import { present } from '../../src/runtime/present.ts'
import { HOSTILE, hostile, large, sample } from '../page/documents.ts'
import { mergedOf } from '../page/merged/merged-of.ts'
import { findBarriers, open } from './browser.ts'
import { startChromium } from './chromium.ts'

/**
 * Opens the pages of `scan -o html` and `report merge` in Chromium. With UPDATE=1 it takes the pictures of docs/scan.md anew, and with
 * SCREENSHOTS=FOLDER it keeps what it saw.
 */
const PICTURE = join(import.meta.dirname, '../../docs/pictures/scan-page.png')
const MAX_PICTURE_BYTES = 150_000

const DESKTOP: BrowserContextOptions = { viewport: { width: 1200, height: 900 } }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const LOOKS: readonly (readonly [name: string, options: BrowserContextOptions, media: 'screen' | 'print'])[] = [
  ['light', { ...DESKTOP, colorScheme: 'light' }, 'screen'],
  ['dark', { ...DESKTOP, colorScheme: 'dark' }, 'screen'],
  ['light phone', { ...PHONE, colorScheme: 'light' }, 'screen'],
  ['dark phone', { ...PHONE, colorScheme: 'dark' }, 'screen'],
  ['print', { viewport: { width: 794, height: 1123 }, colorScheme: 'dark' }, 'print'],
]

const ONE = sample()
const CALM = {
  ...{ ...sample('staging'), causes: [], waiting: [], expiring: [], serviceAccounts: [], notRead: [], remarks: [] },
  summary: { ...ONE.summary, willNotPull: 0, mayNotPull: 0 },
}
const PAGES: Readonly<Record<string, Page>> = {
  scan: pageOf(ONE, '0.1.0'),
  calm: pageOf(CALM, '0.1.0'),
  merged: mergedPageOf(mergedOf([ONE, sample('prod-us-1'), CALM], ['cannot use x.json: it is not JSON']), '0.1.0'),
}

const folder = mkdtempSync(join(tmpdir(), 'regcred-browser-'))
const browser = await startChromium(t)
// tap gives a file half a minute, and cores may be busy.
t.setTimeout(180_000)
t.teardown(() => rmSync(folder, { recursive: true }))

/** Writes a page to a file, and says where it is. */
function put(name: string, page: Page): string {
  const file = join(folder, `${name}.html`)
  writeFileSync(file, writePage(page))
  return pathToFileURL(file).href
}

/** Tests a page that is open; nobody may have complained at the end. */
function testPage(
  title: string,
  [name, page, options = DESKTOP]: readonly [name: string, page: Page | undefined, options?: BrowserContextOptions],
  body: (t: Test, shown: BrowserPage) => Promise<void>,
): void {
  t.test(title, async t => {
    const { page: shown, complaints, close } = await open(browser, put(name, present(page)), options)
    try {
      await body(t, shown)
      t.strictSame(complaints, [], 'no request, no dialog, nothing that the policy refuses')
    } finally {
      await close()
    }
  })
}

/** Each look, and of what is as good as the same not each again. */
const LOOKS_OF: Readonly<Record<string, readonly string[]>> = {
  scan: LOOKS.map(([look]) => look),
  calm: ['dark'],
  merged: ['light', 'dark phone', 'print'],
}

for (const [name, page] of Object.entries(PAGES)) {
  for (const [look, options, media] of LOOKS.filter(([look]) => LOOKS_OF[name]?.includes(look))) {
    testPage(
      `the page of a ${name} in ${look}: no barrier, no request, nothing beyond the edge`,
      [name, page, options],
      async (t, shown) => {
        await shown.emulateMedia({ media })
        t.equal(await shown.title(), `${page.verdict} - regcred`)
        t.strictSame(await findBarriers(shown), [])
        t.ok((await pixelsBeyond(shown)) <= 0)
        const kept = process.env['SCREENSHOTS'] ?? ''
        const path = join(kept, `${name}-${look.replace(' ', '-')}.png`)
        if (kept !== '') await shown.screenshot({ path, fullPage: true })
      },
    )
  }
}

/** How much wider the page is than what shows it. */
async function pixelsBeyond(shown: BrowserPage): Promise<number> {
  return Number(await shown.evaluate('document.documentElement.scrollWidth - innerWidth'))
}

const HOSTILE_PAGES = HOSTILE.flatMap(word => [
  pageOf(hostile(word), '0.1.0'),
  mergedPageOf(mergedOf([hostile(word)], [word]), '0.1.0'),
])

testPage(
  'a hostile text runs nothing and breaks nothing, wherever it stands',
  ['hostile', HOSTILE_PAGES[0], PHONE],
  async (t, shown) => {
    for (const [i, page] of HOSTILE_PAGES.entries()) {
      put('hostile', page)
      await shown.reload()
      t.equal(await shown.locator('script').count(), 2, `page ${i}`)
      t.equal(await shown.locator('img, svg, iframe, b').count(), 0)
      t.ok((await pixelsBeyond(shown)) <= 0, 'it is no wider')
      await shown.locator('#group').selectOption({ index: 1 })
      t.equal(await shown.locator('article:visible').count(), page.cards.length)
    }
  },
)

testPage(
  'the filter leaves what fits below it, and gives back the rest',
  ['filter', PAGES['scan']],
  async (t, shown) => {
    const cards = shown.locator('article:visible')
    const rows = shown.locator('tbody tr:visible')
    const say = () => shown.locator('#shown').textContent()
    t.equal(await say(), 'Shown: 7 of 7 causes, 5 of 5 rows')
    t.equal(await shown.locator('#urgent article').count(), 3)
    await shown.getByLabel('Namespace').selectOption('team-a')
    t.equal(await say(), 'Shown: 2 of 7 causes, 1 of 5 rows')
    t.strictSame([await cards.count(), await rows.count()], [2, 1])
    t.equal(await shown.locator('#urgent').isVisible(), false)
    t.match(await shown.locator('#others article:visible').first().textContent(), /Secret "amce" does not exist/)
    await shown.getByLabel('Level').selectOption('may not pull')
    t.equal(await cards.count(), 0)
    await shown.getByLabel('Namespace').selectOption('all')
    t.strictSame(await cards.locator('.where').allTextContents(), ['team-b', 'shop'])
    await shown.getByLabel('Level').selectOption('all')
    await shown.getByLabel('Text').fill('  GHCR.io  expires ')
    t.strictSame([await cards.count(), await rows.count()], [1, 0])
    await shown.getByLabel('Text').fill('')
    t.strictSame([await cards.count(), await rows.count()], [7, 5])
    t.equal(await shown.locator('#urgent article').count(), 3)
  },
)

t.test('a command is copied as it stands', async t => {
  // A page from a file may not read the clipboard.
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(writePage(PAGES['scan'] as Page))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/`
  const permissions = ['clipboard-read', 'clipboard-write']
  const { page, complaints, close } = await open(browser, url, { ...DESKTOP, permissions })
  t.teardown(close)
  const card = page.locator('article', { hasText: 'has type Opaque' })
  await card.getByRole('button', { name: 'Copy' }).click()
  await card.getByRole('button', { name: 'Copied' }).waitFor()
  t.match(
    await page.evaluate('navigator.clipboard.readText()'),
    /^kubectl create secret .* \| kubectl replace --force -f -$/,
  )
  t.strictSame(complaints, [], 'from a server it asks nobody either, not even for an icon')
})

testPage(
  'without the right to the clipboard the command is copied the old way',
  ['copy', PAGES['scan']],
  async (t, shown) => {
    await shown.evaluate('delete Navigator.prototype.clipboard')
    const [first] = await shown.getByRole('button', { name: 'Copy' }).all()
    await first?.click()
    t.equal(await shown.evaluate('String(getSelection())'), 'regcred why deployment/web --namespace team-a')
  },
)

const FORMULAS = pageOf(hostile('=1+1'), '0.1.0')

testPage('the CSV is what the page was made with, without a formula', ['csv', FORMULAS], async (t, shown) => {
  for (const { file, label, text: expected } of FORMULAS.downloads) {
    const [download] = await Promise.all([
      shown.waitForEvent('download'),
      shown.getByRole('button', { name: label, exact: true }).click(),
    ])
    t.equal(download.suggestedFilename(), file)
    const saved = await text(await download.createReadStream())
    t.equal(saved, expected)
    t.notMatch(saved, /(^|,)"?=/m)
  }
})

testPage(
  'without scripts all of it is there, and no button that does nothing',
  ['no-script', PAGES['scan'], { ...DESKTOP, javaScriptEnabled: false }],
  async (t, shown) => {
    t.equal(await shown.locator('article:visible').count(), 7)
    t.equal(await shown.locator('tbody tr:visible').count(), 5)
    t.equal(await shown.locator('button:visible, input:visible, select:visible').count(), 0)
  },
)

testPage('on paper there is no control, and it is a few pages', ['paper', PAGES['scan']], async (t, shown) => {
  const pdf = await shown.pdf({ format: 'A4' })
  const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length
  t.ok(Number(pages) >= 1 && Number(pages) <= 5, `${pages} pages`)
  await shown.emulateMedia({ media: 'print' })
  t.equal(await shown.locator('button:visible, input:visible, select:visible').count(), 0)
})

testPage(
  'with the keyboard every control is reached, and the one that has the focus is seen',
  ['keyboard', PAGES['scan']],
  async (t, shown) => {
    const seen = new Set<string>()
    for (let i = 0; i < 30; i++) {
      await shown.keyboard.press('Tab')
      const [name, outline] = (await shown.evaluate(
        '(() => { const e = document.activeElement; return [e.textContent.slice(0, 20) || e.id, getComputedStyle(e).outlineStyle] })()',
      )) as [string, string]
      if (name === '' || (await shown.evaluate('document.activeElement === document.body'))) continue
      seen.add(name)
      t.equal(outline, 'solid', name)
    }
    for (const name of ['SecretNotFound', 'Copy', 'text', 'Download causes as CS']) {
      t.ok(
        [...seen].some(one => one.startsWith(name.slice(0, 20))),
        name,
      )
    }
  },
)

const MANY = mergedPageOf(mergedOf(Array.from({ length: 1000 }, (_, i) => sample(`cluster-${i}`))), '0.1.0')

testPage('1,000 clusters are one page that opens', ['many', MANY], async (t, shown) => {
  t.equal(await shown.title(), '3,000 workloads in 1,000 of 1,000 clusters will not pull - regcred')
  t.match(await shown.locator('#secrets ~ table tr').nth(1).textContent(), /ecr.*3 days ago.*1,000: cluster-0/s)
  await shown.locator('#group').selectOption('cluster-1')
  t.equal(await shown.locator('#clusters ~ table tbody tr:visible').count(), 1)
  t.equal(await shown.locator('#secrets ~ table tbody tr:visible').count(), 5)
})

testPage(
  '5,000 workloads and 10,000 pull secrets are one page that opens, and is filtered',
  ['large', pageOf(large(5000, 10_000), '0.1.0')],
  async (t, shown) => {
    t.equal(await shown.locator('article').count(), 100)
    t.equal(await shown.locator('tbody tr').count(), 300)
    await shown.getByLabel('Text').fill('missing-7')
    t.equal(await shown.locator('article').count(), 100)
    t.ok((await shown.locator('article:visible').count()) < 100)
  },
)

if (process.env['UPDATE'] === '1') {
  const options = { viewport: { width: 1000, height: 720 }, colorScheme: 'light' } as const
  testPage('the picture of the docs is taken', ['picture', PAGES['scan'], options], async (_t, shown) => {
    mkdirSync(join(PICTURE, '..'), { recursive: true })
    await shown.screenshot({ path: PICTURE })
  })
}

t.test('the picture of the docs is there, and small', async t => {
  const picture = readFileSync(PICTURE)
  t.equal(picture.toString('latin1', 1, 4), 'PNG')
  t.ok(picture.length < MAX_PICTURE_BYTES, `${picture.length} bytes`)
})
