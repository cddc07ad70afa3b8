import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './bundle.ts'
import type { BundledPackage } from './bundled-packages.ts'

/** Licenses under which a copy may be in a package of another license, as long as their text goes with it. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Unlicense']
const RULE = '-'.repeat(100)

/**
 * Writes THIRD-PARTY-NOTICES: each package of which something is in the bundle, with the license that it came with.
 *
 * @throws {Error} for a license that nobody has looked at
 */
export function writeNotices(packages: readonly BundledPackage[]): string {
  for (const { name, license } of packages) {
    if (!ALLOWED.includes(license)) throw new Error(`${name} is under ${license}; may it be in the bundle?`)
  }
  const intro = 'regcred contains parts of these packages, each under its own license.\n'
  return [intro, ...packages.map(writeNotice)].join(`${RULE}\n`)
}

function writeNotice({ name, version, license, folder }: BundledPackage): string {
  const files = readdirSync(join(ROOT, folder)).filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
  const texts = files.sort().map(file => readFileSync(join(ROOT, folder, file), 'utf8').trim())
  return [`${name} ${version} (${license})`, ...texts, ''].join('\n\n')
}
