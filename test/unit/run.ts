import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { spawnGuarded, waitForExit } from '../processes/guard.ts'

/** Unit tests: every test that starts no process, in as many processes as there are cores, without coverage. */
const ROOT = join(import.meta.dirname, '../..')
const PART = join(import.meta.dirname, 'part.ts')
/** Seconds that one of the processes may take. */
const TIMEOUT_SECONDS = 600

const USAGE = `Usage: npm run test:unit -- [NAME...]

Runs the tests that start no process and whose file names contain one of the names, or all of those.
`

/** What the processes share: each takes the next file that nobody has taken. */
export interface Share {
  readonly files: readonly string[]
  /** A folder with a file for each that is taken, by its index. */
  readonly claims: string
}

interface Counts {
  readonly pass: number
  readonly fail: number
}

async function main(): Promise<void> {
  const names = process.argv.slice(2)
  if (names.includes('--help')) {
    process.stdout.write(USAGE)
    return
  }
  const all = globSync('test/**/*.test.ts', { cwd: ROOT, exclude: ['test/e2e/**', 'test/browser/**'] }).sort()
  const wanted = all.filter(file => names.length === 0 || names.some(name => file.includes(name))).filter(staysInside)
  if (wanted.length === 0) throw new Error(`no such test has a name with ${names.join(' or ')}`)
  // The longest are at the end of the alphabet, and are not to be begun last.
  const share = { files: wanted.reverse(), claims: await mkdtemp(join(tmpdir(), 'regcred-unit-')) }
  const parts = Array.from({ length: Math.min(availableParallelism(), wanted.length) }, () => runPart(share))
  const counts = await Promise.all(parts)
  await rm(share.claims, { recursive: true })
  const pass = counts.reduce((sum, { pass }) => sum + pass, 0)
  const fail = counts.reduce((sum, { fail }) => sum + fail, 0)
  console.log(`# { total: ${pass + fail}, pass: ${pass}, fail: ${fail} }`)
  console.log(`# ${wanted.length} files, ${performance.now().toFixed()} ms`)
  if (fail > 0) process.exitCode = 1
}

/**
 * Runs files in one process for as long as there are any. What fails is printed; a process that ends without its counts is a
 * failure too. That a file is loaded is not counted.
 */
async function runPart(share: Share): Promise<Counts> {
  const env = { ...process.env, TAP_TIMEOUT: String(TIMEOUT_SECONDS), UNIT_TESTS: JSON.stringify(share) }
  const child = spawnGuarded(process.execPath, [PART], { cwd: ROOT, env, output: 'pipe', errors: 'inherit' })
  if (child.stdout === null) throw new Error('it has no output')
  let block: string[] = []
  let loaded = 0
  let isTold = false
  let counts: Counts | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('# Subtest: ')) block = []
    block.push(line)
    if (line.startsWith('not ok ')) {
      console.log(block.join('\n'))
      isTold = true
    }
    if (/^ok \d+ - test\/\S+\.test\.ts # time/.test(line)) loaded += 1
    const [, pass, fail = '0'] = line.match(/^# {.* pass: (\d+)(?:, fail: (\d+))?/) ?? []
    if (pass !== undefined) counts = { pass: Number(pass) - loaded, fail: Number(fail) }
  }
  const status = await waitForExit(child)
  if (counts !== undefined && (counts.fail === 0 ? status === 0 : isTold)) return counts
  console.log(`not ok - a process ended with ${status} before its tests did:\n${block.join('\n')}`)
  return { pass: counts?.pass ?? 0, fail: Math.max(1, counts?.fail ?? 0) }
}

/**
 * Whether neither a test nor what it imports beside it can start a process, or looks into the memory of its own. What the
 * product does is another matter.
 */
function staysInside(test: string): boolean {
  return ![...withImports(test)].some(file => /'node:(child_process|v8)'/.test(readFileSync(join(ROOT, file), 'utf8')))
}

/** A file of test/, and those that it imports, and those that they import. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file) || !file.startsWith('test/')) return found
  found.add(file)
  for (const [, to = ''] of readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']*)'/g)) {
    withImports(relative(ROOT, join(ROOT, dirname(file), to)), found)
  }
  return found
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
