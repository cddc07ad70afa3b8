import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnGuarded, waitForExit } from './guard.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Runs test files that `npm test` leaves out, one after another, and resolves to the exit status. Their processes are not
 * counted for coverage: `npm test` is. They die with this process, so that no test goes on when this run is cancelled.
 *
 * @param seconds that one file may take
 */
export async function runTests(files: readonly string[], seconds: number): Promise<number> {
  // A fresh clone does not have the plugins, and tap fails without.
  const built = existsSync(join(ROOT, '.tap/plugins')) ? 0 : await runTap('build')
  return built === 0 ? await runTap('run', '--disable-coverage', '--jobs=1', `--timeout=${seconds}`, ...files) : built
}

async function runTap(...args: readonly string[]): Promise<number> {
  const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist/esm/run.mjs')
  const status = await waitForExit(spawnGuarded(process.execPath, [tap, ...args], { cwd: ROOT, output: 'inherit' }))
  return typeof status === 'number' ? status : 1
}
