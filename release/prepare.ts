import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * A release: the CLI, the image and the chart have one version, and this program alone writes it.
 *
 *     npm run release -- 1.2.3                        writes the version everywhere and dates the changelog
 *     npm run release -- 1.2.3 --date 2026-01-31      the same for another day than today
 *     node release/prepare.ts --check v1.2.3          asks whether the tree is that release; a tag may be given
 *
 * It works on the tree in the current folder, and imports no package: a workflow asks before it installs any. What is wrong is said
 * all at once, with nothing written, and ends it with status 1.
 */

/** A file that names the version: what `pattern` matches there is the version and nothing else. */
interface Place {
  readonly file: string
  readonly pattern: RegExp
}

const PLACES: readonly Place[] = [
  { file: 'package.json', pattern: /(?<=^ {2}"version": ")[^"]+/gm },
  { file: 'package-lock.json', pattern: /(?<="name": "regcred",\n +"version": ")[^"]+/g },
  {
    file: 'charts/regcred/Chart.yaml',
    pattern: /(?<=^version: |^appVersion: |image: ghcr\.io\/regcred\/regcred:)\S+/gm,
  },
  { file: 'charts/regcred/examples/argo-cd.yaml', pattern: /(?<=targetRevision: )\S+/g },
  { file: 'charts/regcred/README.md', pattern: /(?<=^ {4}version: )\S+/gm },
  { file: 'action.yaml', pattern: /(?<=description: Version of regcred\n +default: )\S+/g },
  { file: 'templates/regcred-check.yml', pattern: /(?<=description: Version of regcred\n +default: )\S+/g },
  { file: '.pre-commit-hooks.yaml', pattern: /(?<=ghcr\.io\/regcred\/regcred:|npx --yes regcred@)\S+/g },
  { file: 'docs/ci.md', pattern: /(?<=regcred\/regcred@v|regcred\/regcred\/v|regcred-check@v|rev: v)\d[\w.-]*/g },
  { file: 'docs/install-cli.md', pattern: /(?<=^VERSION=)\S+/gm },
  { file: 'docs/install.md', pattern: /(?<=ghcr\.io\/regcred\/regcred:)[\w.-]+/g },
  {
    file: 'test/e2e/chart/rendered.yaml',
    pattern:
      /(?<=app\.kubernetes\.io\/version: "|helm\.sh\/chart: regcred-|image: "ghcr\.io\/regcred\/regcred:)[^"\s]+/g,
  },
]
const CHANGELOG = 'CHANGELOG.md'
/** Something that users will notice of the next release: what follows the heading is not the next one. */
const UNRELEASED = /^## Unreleased\n\s*(?!## )\S/m
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false }, date: { type: 'string', default: today() } },
  allowPositionals: true,
})
const version = (positionals[0] ?? '').replace(/^v/, '')
const faults = values.check ? faultsOfRelease(version) : faultsBeforeRelease(version, values.date)
for (const fault of faults) process.stderr.write(`release: ${fault}\n`)
if (faults.length > 0) process.exit(1)
if (!values.check) prepare(version, values.date)

function prepare(version: string, date: string): void {
  for (const { file, pattern } of PLACES) writeFileSync(file, read(file).replaceAll(pattern, version))
  writeFileSync(CHANGELOG, read(CHANGELOG).replace('## Unreleased\n', `## Unreleased\n\n## ${version} - ${date}\n`))
  process.stdout.write(`Look at what changed and commit it. When it is on main, the tag publishes it:
  git tag --annotate v${version} --message v${version} && git push origin v${version}
`)
}

function faultsBeforeRelease(version: string, date: string): string[] {
  const current: string = JSON.parse(read('package.json')).version
  return [
    ...faultsOfVersion(version),
    ...(isNewer(version, current) || (version === current && !isReleased(version))
      ? []
      : [`${version} is not newer than ${current}`]),
    ...(isDay(date) ? [] : [`"${date}" is not a day such as 2026-01-31`]),
    ...(UNRELEASED.test(read(CHANGELOG)) ? [] : [`${CHANGELOG} has nothing under "## Unreleased"`]),
    ...faultsOfPlaces(current),
    ...(isClean() ? [] : ['the tree has changes that are not committed']),
  ]
}

function faultsOfRelease(version: string): string[] {
  return [
    ...faultsOfVersion(version),
    ...faultsOfPlaces(version),
    ...(isReleased(version) ? [] : [`${CHANGELOG} has no heading "## ${version} - DATE"`]),
  ]
}

function faultsOfVersion(version: string): string[] {
  return VERSION.test(version) ? [] : [`"${version}" is not a version such as 1.2.3 or 1.2.3-rc.1`]
}

function faultsOfPlaces(version: string): string[] {
  return PLACES.flatMap(({ file, pattern }) => {
    const named = new Set(read(file).match(pattern) ?? ['no version'])
    return [...named].filter(other => other !== version).map(other => `${file} names ${other}, not ${version}`)
  })
}

function isReleased(version: string): boolean {
  return read(CHANGELOG)
    .split('\n')
    .some(line => line.startsWith(`## ${version} - `))
}

/** Precedence by Semantic Versioning, section 11: 1.0.0-rc.9 < 1.0.0-rc.10 < 1.0.0 < 1.0.1. */
function isNewer(version: string, than: string): boolean {
  const [core = '', suffix] = version.split(/-(.*)/)
  const [thanCore = '', thanSuffix] = than.split(/-(.*)/)
  const order = compare(core, thanCore)
  if (order !== 0) return order > 0
  if (suffix === undefined) return thanSuffix !== undefined
  return thanSuffix !== undefined && compare(suffix, thanSuffix) > 0
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

function isDay(date: string): boolean {
  const time = Date.parse(date)
  return !Number.isNaN(time) && new Date(time).toISOString() === `${date}T00:00:00.000Z`
}

function isClean(): boolean {
  return execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }) === ''
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}
