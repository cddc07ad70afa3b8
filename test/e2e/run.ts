import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runTests } from '../processes/tap.ts'
import { findAssets } from './build/assets.ts'
import { buildTools } from './build/tools.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Seconds that one file may take. */
const TIMEOUT = 900

const USAGE = `Usage: npm run test:e2e -- [NAME...]

Runs the tests of test/e2e/ whose file names contain one of the names, or all, one file after another.
`

/**
 * Builds the control plane first, so that the minutes which that may take are seen and count for no test.
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
  process.exitCode = await runTests(wanted, TIMEOUT)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
