import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { archiveName, PLATFORMS } from '../packaging/executable/platforms.ts'

/**
 * Writes what krew, Homebrew and winget install a release by, from the templates beside this and the checksums of its archives:
 *
 *     node release/packages.ts 1.2.3 --checksums FILE --destination FOLDER
 *
 * FILE is what sha256sum printed. In a template stand `{{version}}` and, of each platform, `{{linux_amd64.url}}` and
 * `{{linux_amd64.sha256}}`. What is wrong is said all at once, with nothing written, and ends it with status 1.
 */
const TEMPLATES = join(import.meta.dirname, 'templates')
const DOWNLOADS = 'https://github.com/regcred/regcred/releases/download'
const CHECKSUM = /^([0-9a-f]{64}) [ *](\S+)$/

const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

const { values, positionals } = parseArgs({
  options: {
    checksums: { type: 'string', default: 'checksums.txt' },
    destination: { type: 'string', default: '.' },
  },
  allowPositionals: true,
})
const [version = ''] = positionals
const known = knownOf(version, readFileSync(values.checksums, 'utf8'))
const files = readdirSync(TEMPLATES).map(name => ({ name, ...fill(readFileSync(join(TEMPLATES, name), 'utf8')) }))
const faults = [
  ...(VERSION.test(version) ? [] : [`"${version}" is not a version such as 1.2.3 or 1.2.3-rc.1`]),
  ...files.flatMap(({ name, unknown }) =>
    unknown.map(key => `${name} names ${key}, which ${values.checksums} does not tell`),
  ),
]
for (const fault of faults) process.stderr.write(`packages: ${fault}\n`)
if (faults.length > 0) process.exit(1)
mkdirSync(values.destination, { recursive: true })
for (const { name, text } of files) writeFileSync(join(values.destination, name), text)

/** What may stand in a template, by its name. */
function knownOf(version: string, checksums: string): ReadonlyMap<string, string> {
  const sums = new Map(
    checksums.split('\n').flatMap(line => {
      const [, sum = '', file = ''] = CHECKSUM.exec(line) ?? []
      return file === '' ? [] : [[file, sum] as const]
    }),
  )
  const known = new Map([['version', version]])
  for (const platform of PLATFORMS) {
    const archive = archiveName(version, platform)
    const sum = sums.get(archive)
    if (sum === undefined) continue
    const name = `${platform.os}_${platform.arch}`
    known.set(`${name}.url`, `${DOWNLOADS}/v${version}/${archive}`).set(`${name}.sha256`, sum)
  }
  return known
}

/** The template with what is known in it, and what is not. */
function fill(template: string): { readonly text: string; readonly unknown: readonly string[] } {
  const unknown: string[] = []
  const text = template.replaceAll(/\{\{([^}]*)\}\}/g, (_, key: string) => {
    const value = known.get(key)
    if (value === undefined) unknown.push(key)
    return value ?? ''
  })
  return { text, unknown }
}
