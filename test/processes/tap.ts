import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnGuarded, waitForExit } from './guard.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Where tests run, if not where this process does. */
export interface TestPlace {
  /** What is put before the command. */
  readonly prefix: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

const HERE: TestPlace = { prefix: [], env: process.env }

/**
 * Runs test files that `npm test` leaves out, one after another, and resolves to the exit status. Their processes are not
 * counted for coverage: `npm test` is. They die with this process, so that no test goes on when this run is cancelled.
 *
 * @param seconds that one file may take
 */
export async function runTests(files: readonly string[], seconds: number, place: TestPlace = HERE): Promise<number> {
  // A fresh clone does not have the plugins, and tap fails without.
  const built = existsSync(join(ROOT, '.tap/plugins')) ? 0 : await runTap(HERE, 'build')
  const args = ['run', '--disable-coverage', '--jobs=1', `--timeout=${seconds}`, ...files]
  return built === 0 ? await runTap(place, ...args) : built
}

async function runTap({ prefix, env }: TestPlace, ...args: readonly string[]): Promise<number> {
  const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist/esm/run.mjs')
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, tap, ...args]
  const status = await waitForExit(spawnGuarded(command, rest, { cwd: ROOT, env, output: 'inherit' }))
  return typeof status === 'number' ? status : 1
}
