import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { archiveName, PLATFORMS } from '../../packaging/executable/platforms.ts'

const ROOT = join(import.meta.dirname, '../..')
const VERSION = '1.2.3'
const DOWNLOADS = `https://github.com/regcred/regcred/releases/download/v${VERSION}`
const sumOf = (index: number) => String(index).repeat(64)
const archives = PLATFORMS.map(platform => archiveName(VERSION, platform))
const CHECKSUMS = archives.map((name, index) => `${sumOf(index)}  ${name}\n`).join('')

type Tap = Pick<typeof t, 'testdir'>

function write(t: Tap, checksums: string, version = VERSION) {
  const folder = t.testdir({ 'checksums.txt': checksums })
  const args = [join(ROOT, 'release/packages.ts'), version, '--destination', 'made']
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return { folder, status, said: stderr.split('\n').slice(0, -1), made: join(folder, 'made') }
}

t.test('a file for each that installs, with the version, the addresses and the checksums in it', async t => {
  const { status, said, made } = write(t, CHECKSUMS)
  t.strictSame({ status, said }, { status: 0, said: [] })
  const names = readdirSync(made)
  const winget = ['Regcred.Regcred.installer.yaml', 'Regcred.Regcred.locale.en-US.yaml', 'Regcred.Regcred.yaml']
  t.strictSame(names, [...winget, 'regcred.krew.yaml', 'regcred.rb'])
  for (const name of names) {
    const text = readFileSync(join(made, name), 'utf8')
    t.notMatch(text, /\{\{|\}\}/, name)
    t.match(text, VERSION, name)
  }
})

t.test('krew: each platform once, by the fields that krew reads', async t => {
  const { made } = write(t, CHECKSUMS)
  const manifest = parse(readFileSync(join(made, 'regcred.krew.yaml'), 'utf8'))
  const { apiVersion, kind, metadata, spec } = manifest
  t.strictSame([apiVersion, kind], ['krew.googlecontainertools.github.com/v1alpha2', 'Plugin'])
  t.strictSame(metadata, { name: 'regcred' }, 'krew calls it kubectl-regcred')
  t.strictSame(Object.keys(manifest).sort(), ['apiVersion', 'kind', 'metadata', 'spec'])
  t.match(spec, { version: `v${VERSION}`, homepage: /^https:/, description: /\w/ })
  t.match(spec.shortDescription, /^[A-Z].{10,49}[^.]$/, 'short, and no sentence')
  t.strictSame(
    spec.platforms,
    PLATFORMS.map(({ os, arch }, index) => ({
      selector: { matchLabels: { os, arch } },
      uri: `${DOWNLOADS}/${archives[index]}`,
      sha256: sumOf(index),
      bin: os === 'windows' ? 'regcred.exe' : 'regcred',
    })),
  )
})

/** What Homebrew gives a formula, as far as this one asks: it prints what would be downloaded on a platform. */
const HOMEBREW = `
class Formula
  class << self
    %w[desc homepage version license sha256 url].each { |name| define_method(name) { |value| puts "#{name} #{value}" } }
    def on_macos; yield if ARGV[1] == "darwin"; end
    def on_linux; yield if ARGV[1] == "linux"; end
    def on_arm; yield if ARGV[2] == "arm64"; end
    def on_intel; yield if ARGV[2] == "amd64"; end
    def test; end
  end
end
load ARGV[0]
abort "no install" unless Regcred.method_defined?(:install)
`
const NO_RUBY = spawnSync('ruby', ['--version']).error !== undefined && 'there is no ruby'

t.test('Homebrew: Ruby reads the formula, which gives each platform its archive', { skip: NO_RUBY }, async t => {
  const { folder, made } = write(t, CHECKSUMS)
  writeFileSync(join(folder, 'homebrew.rb'), HOMEBREW)
  const formula = join(made, 'regcred.rb')
  for (const [index, { os, arch }] of PLATFORMS.entries()) {
    if (os === 'windows') continue
    const { stdout, stderr } = spawnSync('ruby', ['-w', join(folder, 'homebrew.rb'), formula, os, arch], {
      encoding: 'utf8',
    })
    t.equal(stderr, '', 'not even a warning')
    t.strictSame(
      stdout.split('\n').filter(line => /^(url|sha256|version) /.test(line)),
      [`version ${VERSION}`, `url ${DOWNLOADS}/${archives[index]}`, `sha256 ${sumOf(index)}`],
    )
  }
})

t.test('winget: three files of one schema, of one package, and the zip for Windows', async t => {
  const { made } = write(t, CHECKSUMS)
  const files = readdirSync(made).filter(name => name.startsWith('Regcred.'))
  const parts = files.map(name => parse(readFileSync(join(made, name), 'utf8')))
  for (const part of parts) {
    t.match(part, { PackageIdentifier: 'Regcred.Regcred', PackageVersion: VERSION, ManifestVersion: '1.10.0' })
  }
  const [installer, locale, version] = parts
  t.strictSame(
    parts.map(part => part.ManifestType),
    ['installer', 'defaultLocale', 'version'],
  )
  t.equal(version.DefaultLocale, locale.PackageLocale)
  for (const wanted of ['Publisher', 'PackageName', 'License', 'ShortDescription']) t.type(locale[wanted], 'string')
  t.match(installer, { InstallerType: 'zip', NestedInstallerType: 'portable' })
  t.strictSame(installer.NestedInstallerFiles, [{ RelativeFilePath: 'regcred.exe', PortableCommandAlias: 'regcred' }])
  const index = PLATFORMS.findIndex(({ os }) => os === 'windows')
  t.strictSame(installer.Installers, [
    {
      Architecture: 'x64',
      InstallerUrl: `${DOWNLOADS}/${archives[index]}`,
      InstallerSha256: sumOf(index),
    },
  ])
})

t.test('what is missing is said, all at once, and nothing is written', async t => {
  const half = CHECKSUMS.split('\n').slice(0, 4).join('\n')
  const { status, said, folder } = write(t, `${half}\nnot a checksum\n`)
  t.equal(status, 1)
  t.strictSame(said, [
    'packages: Regcred.Regcred.installer.yaml names windows_amd64.url, which checksums.txt does not tell',
    'packages: Regcred.Regcred.installer.yaml names windows_amd64.sha256, which checksums.txt does not tell',
    'packages: regcred.krew.yaml names windows_amd64.url, which checksums.txt does not tell',
    'packages: regcred.krew.yaml names windows_amd64.sha256, which checksums.txt does not tell',
  ])
  t.strictSame(readdirSync(folder), ['checksums.txt'])
  t.match(write(t, CHECKSUMS, 'v1.2.3').said[0], '"v1.2.3" is not a version')
})

t.test('the release builds each platform, and writes checksums that are those of its archives', async t => {
  const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yaml'), 'utf8'))
  t.equal(jobs.executable.strategy.matrix.runner.length, PLATFORMS.length)
  const step = jobs.release.steps.find(({ name }: { name?: string }) => name?.startsWith('Write the checksums'))
  const folder = t.testdir({})
  mkdirSync(join(folder, 'archives'))
  for (const name of archives) writeFileSync(join(folder, 'archives', name), name)
  for (const name of ['release', 'packaging']) symlinkSync(join(ROOT, name), join(folder, name))
  const PATH = `${join(process.execPath, '..')}:${process.env['PATH']}`
  const { status, stderr } = spawnSync('bash', ['-e', '-c', step.run], {
    cwd: folder,
    env: { PATH, VERSION },
    encoding: 'utf8',
  })
  t.equal(status, 0, stderr)
  const published = readdirSync(join(folder, 'archives'))
  const winget = ['Regcred.Regcred.installer.yaml', 'Regcred.Regcred.locale.en-US.yaml', 'Regcred.Regcred.yaml']
  const sums = `regcred_${VERSION}_checksums.txt`
  t.strictSame(published.sort(), [...winget, ...archives, sums, 'regcred.krew.yaml', 'regcred.rb'].sort())
  const checked = spawnSync('sha256sum', ['--check', '--strict', sums], { cwd: join(folder, 'archives') })
  t.equal(checked.status, 0)
})
