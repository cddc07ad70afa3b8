import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where distributions put it; `CHROMIUM` names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Starts the Chromium of this machine, which is closed with the test.
 *
 * @throws {Error} with what to install, where there is none
 */
export async function startChromium(test: { teardown(end: () => Promise<void>): void }): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find(place => existsSync(place))
  if (executablePath === undefined) throw new Error('no Chromium; apt-get install chromium, or name it with CHROMIUM')
  // As root there is no sandbox to be had; nothing is opened but pages of ours.
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
  test.teardown(() => browser.close())
  return browser
}
