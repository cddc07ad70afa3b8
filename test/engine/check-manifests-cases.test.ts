import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeTold } from '../../src/advice/advice.ts'
import { parseConfiguration } from '../../src/config/parse.ts'
import { checkManifests } from '../../src/engine/check-manifests.ts'
import { formatFault } from '../../src/manifests/found.ts'
import { findInText } from '../../src/manifests/read.ts'
import { prepareRulebook } from '../../src/policy/rulebook.ts'
import { defaultSettings, type Settings } from '../../src/policy/settings.ts'

/** Real mistakes, made small; the README there says what each file holds. `UPDATE=1` writes what is found. */
const FOLDER = join(import.meta.dirname, '../cases')
const UPDATE = process.env['UPDATE'] === '1'
const OPTIONS = { namespace: 'default', strict: false, now: () => Date.parse('2026-06-01') }

for (const { name } of readdirSync(FOLDER, { withFileTypes: true }).filter(entry => entry.isDirectory())) {
  t.test(name.replaceAll('-', ' '), async t => {
    const expected = join(FOLDER, name, 'findings.txt')
    const found = await findingsOf(join(FOLDER, name))
    if (UPDATE) writeFileSync(expected, found)
    t.equal(found, readFileSync(expected, 'utf8'))
  })
}

async function findingsOf(folder: string): Promise<string> {
  const found = findInText('input.yaml', readFileSync(join(folder, 'input.yaml'), 'utf8'))
  const { objects, errors } = await checkManifests(found, prepareRulebook(settingsOf(folder)), OPTIONS)
  const lines = objects.flatMap(({ manifest, name, findings }) =>
    findings.map(finding => `${manifest.kind} ${name}: ${finding.effect} ${finding.code}: ${writeTold(finding)}\n`),
  )
  return [...lines, ...errors.map(fault => `${formatFault(fault)}\n`)].join('')
}

/** As the command has them: what regcred would find by itself does not count. */
function settingsOf(folder: string): Settings {
  const settings = configurationOf(folder)
  return { ...settings, inject: { ...settings.inject, match: false } }
}

function configurationOf(folder: string): Settings {
  const file = join(folder, 'config.yaml')
  if (!existsSync(file)) return defaultSettings
  const parsed = parseConfiguration(readFileSync(file, 'utf8'), file)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.settings
}
