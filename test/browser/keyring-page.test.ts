import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { build, type Plugin } from 'esbuild'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { makeKeyringPage } from '../../site/keyring-page.ts'
import { visible } from '../../src/runtime/visible.ts'
import { type Answer, align } from '../kubelet/answers.ts'
import type { Case } from '../kubelet/cases.ts'
import { startChromium } from './chromium.ts'

const ROOT = join(import.meta.dirname, '../..')
const browser = await startChromium(t)
const url = pathToFileURL(join(t.testdir({ 'index.html': await makeKeyringPage() }), 'index.html')).href

/** What the kubelet's own code was asked, and answered. */
const recorded = readdirSync(join(ROOT, 'test/kubelet/recorded')).flatMap(file =>
  readFileSync(join(ROOT, 'test/kubelet/recorded', file), 'utf8')
    .trim()
    .split('\n')
    .map((line): { case: Case; answer: Answer } => JSON.parse(line)),
)

/** Opens the page. Whatever it asks for, says or throws is kept. */
async function open(t: Test, options: BrowserContextOptions = {}): Promise<{ page: Page; heard: string[] }> {
  const context = await browser.newContext(options)
  t.teardown(() => context.close())
  const page = await context.newPage()
  const heard: string[] = []
  page.on('request', request => heard.push(`request ${request.url()}`))
  page.on('console', message => heard.push(message.text()))
  page.on('pageerror', error => heard.push(String(error)))
  page.on('dialog', dialog => heard.push(`dialog ${dialog.message()}`))
  await page.goto(url)
  return { page, heard }
}

/** Writes both fields, and has the page look at them at once. */
async function ask(page: Page, pasted: string, images: string): Promise<void> {
  await page.evaluate(
    `for (const [id, value] of ${JSON.stringify([
      ['pasted', pasted],
      ['images', images],
    ])}) document.getElementById(id).value = value
    document.getElementById('pasted').dispatchEvent(new Event('change', { bubbles: true }))`,
  )
}

const textOf = (page: Page, selector: string) => page.locator(selector).innerText()

/** Has what asks the kubelet's rules ask those that are in the page. */
const ofThePage: Plugin = {
  name: 'of the page',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /src\/kubelet\// }, () => ({ path: 'kubelet', namespace: 'page' }))
    onLoad({ filter: /.*/, namespace: 'page' }, () => ({ contents: 'module.exports = globalThis.kubelet' }))
  },
}

t.test('the rules in the page give every answer that the kubelet gave', async t => {
  const { page, heard } = await open(t)
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/kubelet/answers.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'asked',
    plugins: [ofThePage],
    logLevel: 'error',
  })
  const code = outputFiles.map(({ text }) => text).join('')
  t.notMatch(code, /dockerConfigEntry|parseUnstripped/, 'none of them is in what asks')
  const cases = JSON.stringify(recorded.map(({ case: one }) => one))
  const json = await page.evaluate(`(() => { ${code}; return JSON.stringify(${cases}.map(asked.answer)) })()`)
  const answers: readonly Answer[] = JSON.parse(String(json))
  t.equal(answers.length, recorded.length)
  t.ok(recorded.length > 1000)
  for (const [i, { answer }] of recorded.entries()) {
    const { theirs, ours } = align(answer, answers[i] ?? { secrets: [] })
    if (JSON.stringify(theirs) !== JSON.stringify(ours)) t.strictSame(ours, theirs)
  }
  t.strictSame(heard, [`request ${url}`])
})

t.test('what the page shows is tried in the order in which the kubelet tried it', async t => {
  const { page } = await open(t)
  // A line of the page holds one image, and an empty line none.
  const cases = recorded.filter(({ case: { image } }) => image.trim() !== '')
  t.ok(recorded.length - cases.length <= 10)
  const asked = cases.map(({ case: { secrets, image } }) => ({
    image,
    pasted: secrets
      .map(({ type, data }, i) => JSON.stringify({ kind: 'Secret', metadata: { name: `${i}` }, type, data }))
      .join('\n---\n'),
  }))
  const shown: readonly { secret: string; key: string }[][] = JSON.parse(
    String(
      await page.evaluate(`JSON.stringify(${JSON.stringify(asked)}.map(({ pasted, image }) => {
        document.getElementById('pasted').value = pasted
        document.getElementById('images').value = image
        document.getElementById('form').dispatchEvent(new Event('change'))
        return [...document.querySelectorAll('.attempt')].map(item => ({
          secret: item.textContent.match(/ in Secret "(\\d)": /)[1],
          key: item.querySelector('code').textContent,
        }))
      }))`),
    ),
  )
  let tried = 0
  for (const [i, { answer }] of cases.entries()) {
    const ours = (shown[i] ?? []).map(({ secret, key }) => ({ secret: Number(secret), key, usable: true }))
    // The page writes what cannot be seen as escapes, and does not tell an empty password from none.
    const matches = answer.matches?.map(match => ({ ...match, key: visible(match.key), usable: true }))
    const wanted = align({ secrets: [], ...(matches && { matches }) }, { secrets: [], matches: ours })
    t.strictSame(wanted.ours.matches, wanted.theirs.matches ?? [], `case ${i}: ${cases[i]?.case.image}`)
    tried += ours.length
  }
  t.ok(tried > 300)
})

const HOSTILE = ['<img src=x onerror=alert(1)>', '</code><script>alert(2)</script>', '\u202eevil\u0007', '"\'&<>']
const dockerConfig = (auths: object, rest: object = {}) => JSON.stringify({ auths, ...rest })

t.test('nothing leaves the page, nothing is kept, and nothing that is pasted runs', async t => {
  const { page, heard } = await open(t)
  const names = HOSTILE.map(word => [word, { auth: btoa('joe:hunter2-password') }])
  const secrets = HOSTILE.map(word => ({
    ...{ kind: 'Secret', metadata: { name: word, namespace: word }, type: 'kubernetes.io/dockerconfigjson' },
    stringData: { '.dockerconfigjson': dockerConfig(Object.fromEntries(names), { credsStore: word }) },
  }))
  await ask(page, JSON.stringify({ kind: 'List', items: secrets }), HOSTILE.join('\n'))
  const shown = await textOf(page, '.results')
  t.match(shown, '<img src=x onerror=alert(1)>')
  t.match(shown, '\\u202eevil\\u0007', 'it is to be seen')
  t.equal(await page.locator('.results img, .results script').count(), 0)
  t.notMatch(await page.locator('.results').innerHTML(), /hunter2/)

  const kept = `[localStorage.length, sessionStorage.length, document.cookie, location.href].join()`
  t.equal(await page.evaluate(kept), `0,0,,${url}`)
  t.strictSame(heard, [`request ${url}`], 'no request, no word in the console')
  const refused = await page.evaluate(`fetch('https://example.com/').then(() => 'open', error => error.name)`)
  t.equal(refused, 'TypeError')
  t.match(heard.at(-1), /connect-src 'none'|Refused to connect|violates/)
  const inject = `(() => { const s = document.createElement('script'); s.textContent = 'globalThis.ran = 1';
    document.body.append(s); return globalThis.ran })()`
  await t.rejects(page.evaluate(inject), /TrustedScript/)
})

t.test('no password is shown, whatever it is in; a user name that may be one neither', async t => {
  const { page } = await open(t)
  const token = 'ghp_hunter2hunter2hunter2'
  const auths = {
    'joe:hunter2@ghcr.io': { auth: btoa('joe:hunter2') },
    'quay.io': { username: token, password: token },
    'a.example.com': { auth: '%%hunter2' },
    'b.example.com': { identitytoken: 'hunter2', registrytoken: 'hunter2' },
  }
  const old = { 'quay.io': { username: 'joe', password: 'hunter2', email: 'hunter2' } }
  const asYaml = `kind: Secret\nmetadata: {name: a, annotations: {a: hunter2}}\nstringData: {password: hunter2}\n`
  for (const text of [
    dockerConfig(auths),
    btoa(dockerConfig(auths)),
    JSON.stringify(old),
    asYaml,
    'a: [hunter2',
    '{hunter2',
  ]) {
    await ask(page, text, 'ghcr.io/a/b\nquay.io/c')
    t.notMatch(await page.locator('.results').innerHTML(), 'hunter2', text)
    t.equal(await page.locator('.results').isVisible(), true)
  }
})

const VIEWS: Readonly<Record<string, BrowserContextOptions>> = {
  'light, wide': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'dark, wide': { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  'light, on a phone': { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  'dark, on a phone': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
}

for (const [name, options] of Object.entries(VIEWS)) {
  t.test(`everybody can use it: ${name}`, async t => {
    const { page } = await open(t, options)
    const faults = async () => {
      const { violations } = JSON.parse(String(await page.evaluate('axe.run().then(JSON.stringify)')))
      return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [id, nodes[0]?.html])
    }
    await page.evaluate(axe.source)
    t.strictSame(await faults(), [], 'empty')
    await page.getByRole('button', { name: 'Show an example' }).press('Enter')
    await page.locator('details').first().locator('summary').press('Enter')
    t.strictSame(await faults(), [], 'with the example')
    await ask(page, `{"auths": {"${'long.'.repeat(60)}io": {}}}`, `${'x'.repeat(300)}\nnginx`)
    t.strictSame(await faults(), [], 'with long names')
    t.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, 'nothing is cut off')
    await ask(page, 'kind: [', 'nginx')
    t.strictSame(await faults(), [], 'with an error')
  })
}

t.test('it answers while somebody types, and forgets what is cleared or left', async t => {
  const { page } = await open(t)
  t.equal(await textOf(page, '#status'), 'Nothing has been pasted yet.')
  await page.getByLabel('Images').fill('ghcr.io/acme/web')
  await page.locator('#status', { hasText: 'Paste a docker config or Secrets, too.' }).waitFor()
  await page.getByLabel('Docker config or Secrets').fill(dockerConfig({ 'ghcr.io': { auth: btoa('joe:pw') } }))
  await page.locator('.card.yes', { hasText: 'ghcr.io in Secret "regcred": user name and password' }).waitFor()
  t.match(await textOf(page, '#status'), '1 of 1 image would be pulled with these, if the passwords are right.')
  await page.getByRole('button', { name: 'Clear' }).click()
  t.equal(await page.locator('.card').count(), 0)
  t.equal(await page.evaluate('document.activeElement.id'), 'pasted')
  await ask(page, dockerConfig({ 'ghcr.io': {} }), 'nginx')
  await page.goto('about:blank')
  await page.goBack()
  t.equal(await page.getByLabel('Docker config or Secrets').inputValue(), '')
  t.equal(await page.getByLabel('Images').inputValue(), '')
})

t.test('three megabytes are answered, and more is refused with a sentence', async t => {
  const { page } = await open(t)
  const entries = (count: number) => Array.from({ length: count }, (_, i) => [`r${i}.example.com`, { auth: 'dTpw' }])
  const many = dockerConfig(Object.fromEntries(entries(75_000)))
  const globs = dockerConfig(
    Object.fromEntries(
      Array.from({ length: 50_000 }, (_, i) => [`*${i}*.*x*.example.com/a/b`, { auth: 'dTpwYXNzd29yZA==' }]),
    ),
  )
  const deep = `{"auths":${'['.repeat(1_500_000)}${']'.repeat(1_500_000)}}`
  const images = Array.from({ length: 100 }, (_, i) => `r${i}.x${i}x.example.com/a/b:1`).join('\n')
  const flow = `kind: Secret\nmetadata: {name: a}\ndata: {${'a: b, '.repeat(500_000)}}`
  for (const [name, text] of Object.entries({
    many,
    globs,
    deep,
    flow,
    letters: 'x'.repeat(3 << 20),
    lines: 'a: b\n'.repeat(600_000),
  })) {
    t.ok(text.length > 2.5 * 2 ** 20, `${name} is large`)
    const before = Date.now()
    await ask(page, text, images)
    const status = (await textOf(page, '#status')).slice(0, 120)
    t.match(status, /would be pulled|^Not understood: /, `${name} is answered`)
    t.comment(`${name}: ${Date.now() - before} ms, ${status}`)
  }
  await ask(page, `${' '.repeat(5 << 20)}{}`, 'nginx')
  t.match(await textOf(page, '#status'), 'Not understood: this is more than 4 MiB, which this page does not read')
})
