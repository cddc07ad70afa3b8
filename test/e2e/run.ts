import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnGuarded, waitForExit } from '../processes/guard.ts'
import { findAssets } from './build/assets.ts'
import { buildTools } from './build/tools.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Seconds that one file may take. */
const TIMEOUT = 900

const USAGE = `Usage: npm run test:e2e -- [NAME...]

Runs the tests of test/e2e/ whose file names contain one of the names, or all, one file after another.
`

/**
 * Builds the control plane first, so that the minutes which that may take are seen and count for no test. The tests' own
 * processes are not counted for coverage: `npm test` is.
 */
async function main(): Promise<void> {
  const names = process.argv.slice(2)
  if (names.includes('--help')) {
    process.stdout.write(USAGE)
    return
  }
  const files: string[] = []
  for await (const file of glob('test/e2e/**/*.test.ts', { cwd: ROOT })) files.push(file)
  const wanted = files.sort().filter(file => names.length === 0 || names.some(name => file.includes(name)))
  if (wanted.length === 0) throw new Error(`no file of test/e2e/ has a name with ${names.join(' or ')}`)
  await findAssets()
  Object.assign(process.env, await buildTools(wanted))
  const flags = ['--disable-coverage', '--jobs=1', `--timeout=${TIMEOUT}`]
  // A fresh clone does not have them, and tap fails without.
  const hasPlugins = existsSync(join(ROOT, '.tap/plugins'))
  const built = hasPlugins ? 0 : await runTap('build')
  process.exitCode = built === 0 ? await runTap('run', ...flags, ...wanted) : built
}

/** It dies with this process, so that no test goes on when this run is cancelled. */
async function runTap(...args: readonly string[]): Promise<number> {
  const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist/esm/run.mjs')
  const status = await waitForExit(spawnGuarded(process.execPath, [tap, ...args], { cwd: ROOT, output: 'inherit' }))
  return typeof status === 'number' ? status : 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
