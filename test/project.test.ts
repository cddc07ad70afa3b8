import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const readJson = (file: string) => JSON.parse(read(file))
const manifest = readJson('package.json')
const OLDEST: string = manifest.engines.node.replace('>=', '')
const REPOSITORY = 'https://github.com/regcred/regcred'

/** Whether a version is in a range, as far as lock files write them: `>=20`, `^20.19.0 || >=22.12.0`, `16 || 14 >=14.17`, `6.*`. */
function isIn(version: readonly number[], range: string): boolean {
  return range.split('||').some(all =>
    all
      .replaceAll(/>= +/g, '>=')
      .trim()
      .split(/ +/)
      .every(comparator => {
        const [, operator = '', rest = ''] = /^(>=|\^|)([\d.x*]+)$/.exec(comparator) ?? []
        const least = rest.split('.').filter(part => /^\d+$/.test(part))
        if (rest === '') throw new Error(`the test does not know ${comparator}`)
        const at = least.findIndex((part, index) => Number(part) !== version[index])
        const isSame = at === -1
        const isMore = (version[at] ?? 0) > Number(least[at])
        return isSame || (isMore && (operator === '>=' || (operator === '^' && at > 0)))
      }),
  )
}

t.test('one oldest Node, on which npm warns of no package', async t => {
  const { packages } = readJson('package-lock.json')
  const oldest = OLDEST.split('.').map(Number)
  while (oldest.length < 3) oldest.push(0)
  const newer = Object.entries<{ engines?: { node?: string } }>(packages).filter(
    ([, { engines }]) => engines?.node !== undefined && !isIn(oldest, engines.node),
  )
  t.strictSame(newer, [])
  t.equal(isIn([20, 20, 2], '>=22.19.0'), false)
  t.equal(isIn([22, 19, 0], '^20.19.0 || ^22.20.0'), false)
  for (const file of ['README.md', 'CONTRIBUTING.md', 'bin/regcred.js']) {
    t.strictSame(read(file).match(/(?<=Node )[\d.]+(?= or newer)/g), [OLDEST], file)
  }
})

t.test('one Node to work with', async t => {
  const major = read('.nvmrc').trim()
  t.equal(/\d+/.exec(manifest.devDependencies.node)?.[0], major)
  t.equal(/\d+/.exec(manifest.devDependencies['@types/node'])?.[0], major)
  for (const file of globSync('.github/workflows/*.yaml', { cwd: ROOT })) {
    for (const [, version] of read(file).matchAll(/node-version: (.*)/g)) t.equal(version, major, file)
  }
  const images = [...read('Dockerfile').matchAll(/^FROM \S*\/?node(?:js)?:?(\d+)/gm)].map(([, version]) => version)
  t.strictSame(images, [major, major])
})

t.test('the package says where it comes from, as chart and image do, and offers nothing to import', async t => {
  t.match(manifest, {
    author: /\w/,
    homepage: `${REPOSITORY}#readme`,
    repository: { type: 'git', url: `git+${REPOSITORY}.git` },
    bugs: { url: `${REPOSITORY}/issues` },
  })
  t.strictSame(manifest.exports, { './package.json': './package.json' })
  t.match(parse(read('charts/regcred/Chart.yaml')), { home: REPOSITORY, sources: [REPOSITORY] })
  t.match(read('Dockerfile'), `org.opencontainers.image.source="${REPOSITORY}"`)
})

t.test('editors write as Biome does, and start what is there', async t => {
  const { formatter } = readJson('biome.json')
  const settings = readJson('.vscode/settings.json')
  t.match(read('.editorconfig'), `[*]\ncharset = utf-8\nend_of_line = lf\nindent_style = ${formatter.indentStyle}\n`)
  t.match(read('.editorconfig'), `indent_size = ${formatter.indentWidth}\n`)
  const extension = settings['[javascript][typescript][json][jsonc]']['editor.defaultFormatter']
  t.ok(readJson('.vscode/extensions.json').recommendations.includes(extension), extension)
  for (const path of Object.entries<string>(settings['yaml.schemas']).flat()) t.ok(existsSync(join(ROOT, path)), path)
  const started = read('.vscode/launch.json').matchAll(/\$\{workspaceFolder\}\/([^"]+)/g)
  for (const [, path = ''] of started) t.ok(existsSync(join(ROOT, path)), path)
})

t.test('updates reach every module of Go and leave alone what is pinned exactly', async t => {
  const { ignorePaths, packageRules } = readJson('.github/renovate.json')
  const modules = globSync('test/e2e/*/go.mod', { cwd: ROOT })
  const ignored = modules.filter(file => ignorePaths.some((glob: string) => matchesGlob(file, glob)))
  t.strictSame(ignored, [])
  const ruleWhere = (wanted: object) =>
    packageRules.find((rule: object) =>
      Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(Reflect.get(rule, key), value)),
    )
  // A tool that nothing of ours imports is indirect for Go, and Renovate does not look at these by itself.
  const tools = modules.flatMap(file => read(file).match(/(?<=^tool |^\t)[\w./-]+\/(?:cmd|server)\/[\w-]+$/gm) ?? [])
  const { matchPackageNames } = ruleWhere({ matchDepTypes: ['indirect'], enabled: true })
  t.ok(tools.length > 0)
  for (const tool of tools)
    t.ok(
      matchPackageNames.some((module: string) => `${tool}/`.startsWith(`${module}/`)),
      tool,
    )

  const exact = Object.entries<string>(manifest.devDependencies).filter(([, range]) => /^\d/.test(range))
  const raised = ruleWhere({ matchManagers: ['npm'], matchPackageNames: ['@biomejs/biome', 'knip'], enabled: false })
  t.ok(raised)
  for (const name of raised.matchPackageNames) t.ok(exact.map(([name]) => name).includes(name), name)
})

t.test('the forms ask for what an answer needs', async t => {
  const forms = globSync('.github/ISSUE_TEMPLATE/*.yaml', { cwd: ROOT })
  t.equal(forms.length, 2)
  for (const file of forms) {
    const { name, description, body } = parse(read(file))
    t.ok(name && description, file)
    const fields = body.filter((field: { type: string }) => field.type !== 'markdown')
    t.equal(new Set(fields.map(({ id }: { id: string }) => id)).size, fields.length, `${file}: an id each`)
    for (const { id, attributes } of fields) t.ok(attributes.label, `${file}: ${id}`)
  }
  const bug = read('.github/ISSUE_TEMPLATE/bug.yaml')
  for (const asked of ['readyz?verbose', 'validate.regcred.dev/', 'regcred --version', 'kubectl version']) {
    t.match(bug, asked)
  }
  const { contact_links: links } = parse(read('.github/ISSUE_TEMPLATE/config.yml'))
  for (const { url } of links) {
    t.ok(url.startsWith(`${REPOSITORY}/`), url)
    const [, page] = url.split('/blob/main/')
    if (page !== undefined) t.ok(existsSync(join(ROOT, page)), page)
  }
})
