import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** What Chromium is called, by those who package it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** A page that is open, and what it did that it should not. */
export interface Opened {
  readonly page: Page
  /** Requests beside that of the page itself, what the console and the policy say, dialogs and errors. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** @throws if there is none */
export async function launch(): Promise<Browser> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const executablePath = folders.flatMap(folder => NAMES.map(name => join(folder, name))).find(path => existsSync(path))
  if (executablePath === undefined) {
    throw new Error(
      'Chromium is missing; install it: apt-get install --no-install-recommends chromium fonts-dejavu-core',
    )
  }
  // Its sandbox does without root.
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
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
