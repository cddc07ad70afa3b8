import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getAsset, getAssetKeys } from 'node:sea'

/** What stands for src/package.ts in the single file, which has no folder beside it. */

/** Written there by the bundler. */
declare const REGCRED_VERSION: string

const EXAMPLES = 'examples/'

/** A copy of the example manifests that goes when the process ends, with a slash at the end. */
export function findExamples(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regcred-examples-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const key of getAssetKeys().filter(key => key.startsWith(EXAMPLES))) {
    const file = join(folder, key)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, getAsset(key, 'utf8'))
  }
  return join(folder, EXAMPLES)
}

export function readVersion(): string {
  return REGCRED_VERSION
}
