import { globSync } from 'node:fs'
import { join } from 'node:path'
import { runTests } from '../processes/tap.ts'

/** Seconds that one file may take. */
const TIMEOUT = 600

const root = join(import.meta.dirname, '../..')
process.exitCode = await runTests(globSync('test/browser/*.test.ts', { cwd: root }).sort(), TIMEOUT)
