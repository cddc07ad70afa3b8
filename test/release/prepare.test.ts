import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')
const SCRIPT = join(ROOT, 'release/prepare.ts')
const FILES = [
  '.pre-commit-hooks.yaml',
  'CHANGELOG.md',
  'action.yaml',
  'charts/regcred/Chart.yaml',
  'charts/regcred/README.md',
  'charts/regcred/examples/argo-cd.yaml',
  'docs/ci.md',
  'docs/install-cli.md',
  'docs/install.md',
  'package-lock.json',
  'package.json',
  'templates/regcred-check.yml',
  'test/e2e/chart/rendered.yaml',
]
const CURRENT: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version

/** A repository of what a release writes, as it is in this tree but for what is given. */
class Tree {
  readonly #folder: string

  static async make(t: Tap, changelog = '# Changelog\n\n## Unreleased\n\n- A thing.\n'): Promise<Tree> {
    const tree = new Tree(t.testdir())
    for (const file of FILES) cpSync(join(ROOT, file), join(tree.#folder, file))
    tree.write('CHANGELOG.md', changelog)
    await tree.git('init', '--quiet')
    await tree.commit()
    return tree
  }

  constructor(folder: string) {
    this.#folder = folder
  }

  async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false']
    return (await promisify(execFile)('git', [...identity, ...args], { cwd: this.#folder })).stdout
  }

  async commit(): Promise<void> {
    await this.git('add', '--all')
    await this.git('commit', '--quiet', '--message', 'as it is')
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text)
  }

  /** Runs the script; what it says is what stands on standard error, a line each. */
  async prepare(...args: string[]): Promise<{ status: number; out: string; said: string[] }> {
    return new Promise(resolve => {
      execFile(process.execPath, [SCRIPT, ...args], { cwd: this.#folder }, (error, out, err) =>
        resolve({ status: error === null ? 0 : Number(error.code), out, said: err.split('\n').slice(0, -1) }),
      )
    })
  }
}

type Tap = Pick<typeof t, 'testdir'>

t.test('one version in every file, a heading with the date, and a check that agrees', async t => {
  const tree = await Tree.make(t)
  const { status, out, said } = await tree.prepare('1.2.3', '--date', '2031-02-03')
  t.strictSame({ status, said }, { status: 0, said: [] })
  t.match(out, 'git tag --annotate v1.2.3')
  t.strictSame((await tree.git('diff', '--name-only')).trim().split('\n'), FILES, 'each of them, and nothing else')
  t.equal(tree.read('CHANGELOG.md'), '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2031-02-03\n\n- A thing.\n')
  t.match(JSON.parse(tree.read('package-lock.json')), { version: '1.2.3', packages: { '': { version: '1.2.3' } } })
  t.match(tree.read('charts/regcred/Chart.yaml'), /^version: 1\.2\.3\nappVersion: 1\.2\.3$/m)
  t.match(tree.read('charts/regcred/Chart.yaml'), 'image: ghcr.io/regcred/regcred:1.2.3\n')
  for (const file of FILES.filter(file => file !== 'CHANGELOG.md')) {
    t.notMatch(tree.read(file), new RegExp(`regcred[:-]${CURRENT}|ersion"?: "?${CURRENT}"?$`, 'm'), file)
  }

  t.strictSame(await tree.prepare('--check', 'v1.2.3'), { status: 0, out: '', said: [] })
  const other = await tree.prepare('--check', '1.2.4')
  t.equal(other.status, 1)
  t.strictSame(other.said, [
    ...['package.json', 'package-lock.json', 'charts/regcred/Chart.yaml', 'charts/regcred/examples/argo-cd.yaml']
      .concat('charts/regcred/README.md', 'action.yaml', 'templates/regcred-check.yml', '.pre-commit-hooks.yaml')
      .concat('docs/ci.md', 'docs/install-cli.md', 'docs/install.md', 'test/e2e/chart/rendered.yaml')
      .map(file => `release: ${file} names 1.2.3, not 1.2.4`),
    'release: CHANGELOG.md has no heading "## 1.2.4 - DATE"',
  ])
})

t.test('the version that is in the tree may be the first release; today is its date', async t => {
  const tree = await Tree.make(t)
  t.match(await tree.prepare(CURRENT), { status: 0, said: [] })
  t.match(tree.read('CHANGELOG.md'), new RegExp(`^## ${CURRENT} - \\d{4}-\\d\\d-\\d\\d$`, 'm'))
})

t.test('what comes after what', async t => {
  const tree = await Tree.make(t)
  for (const { version, next } of [
    { version: '9.9.9', next: '9.10.0' },
    { version: '10.0.0-rc.9', next: '10.0.0-rc.10' },
    { version: '11.0.0-rc.1', next: '11.0.0' },
  ]) {
    t.match(await tree.prepare(version), { status: 0 }, version)
    tree.write('CHANGELOG.md', tree.read('CHANGELOG.md').replace('## Unreleased\n', '## Unreleased\n\n- More.\n'))
    await tree.commit()
    const refused = version === '11.0.0-rc.1' ? ['11.0.0-alpha', '10.9.0'] : [version, '9.9.8']
    for (const old of refused) {
      t.strictSame((await tree.prepare(old)).said, [`release: ${old} is not newer than ${version}`])
    }
    t.match(await tree.prepare(next), { status: 0 }, next)
    await tree.git('checkout', '--quiet', '.')
  }
})

t.test('everything that is wrong is said at once, and nothing is written', async t => {
  const tree = await Tree.make(t, '# Changelog\n\n## Unreleased\n\n## 0.0.1 - 2030-01-01\n\n- A thing.\n')
  tree.write('docs/install.md', 'docker build .')
  const { status, out, said } = await tree.prepare('0.0.1-', '--date', '2031-02-30')
  t.strictSame({ status, out }, { status: 1, out: '' })
  t.strictSame(said, [
    'release: "0.0.1-" is not a version such as 1.2.3 or 1.2.3-rc.1',
    `release: 0.0.1- is not newer than ${CURRENT}`,
    'release: "2031-02-30" is not a day such as 2026-01-31',
    'release: CHANGELOG.md has nothing under "## Unreleased"',
    `release: docs/install.md names no version, not ${CURRENT}`,
    'release: the tree has changes that are not committed',
  ])
  t.equal(await tree.git('diff', '--name-only'), 'docs/install.md\n')
  t.match((await tree.prepare('0.0.2', '--date', 'today')).said, [/./, /"today" is not a day/])
  t.match(await tree.prepare(), { status: 1, said: [/^release: "" is not a version/] }, 'no version at all')
})
