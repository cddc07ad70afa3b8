import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page that is open, and what it did that it should not. */
export interface Opened {
  readonly page: Page
  /** Requests beside that of the page itself, what the console and the policy say, dialogs and errors. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Opens a file in a profile of its own. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('request', request => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(`asks ${request.url()}`)
  })
  page.on('console', message => complaints.push(`says ${message.text()}`))
  page.on('pageerror', error => complaints.push(`fails ${error.message}`))
  page.on('dialog', dialog => {
    complaints.push(`opens a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}

/** What axe finds wrong with a page, by its rules for WCAG 2.2 AA and good practice. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }
    return (await axe.run()).violations
  })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

interface AxeViolation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}
