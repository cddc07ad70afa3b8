import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { spawnGuarded, waitForExit } from '../../processes/guard.ts'
import { type ProgressStream, withProgress } from './progress.ts'

/** How a binary is made from a Go module. */
export interface Recipe {
  readonly name: string
  /** The folder of the module that pins the versions. */
  readonly module: string
  readonly package: string
  /** Flags of every go command, such as which go.mod it is for. */
  readonly goFlags?: readonly string[]
  /** Flags of the build alone. */
  readonly flags: readonly string[]
  /** What whoever has no Go can do, for the end of a sentence. */
  readonly instead: string
}

/** Where a build runs, and where it shows its progress. */
export interface BuildContext {
  readonly env: NodeJS.ProcessEnv
  readonly stream: ProgressStream
}

/** Throws, with what to do about it, if there is no Go that can build this. */
export async function checkGo({ name, module, goFlags = [], instead }: Recipe, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, lines } = await runGo(module, env, ['list', ...goFlags, '-m'], () => {})
  if (code === 0) return
  const reason = code === 127 ? 'go is not on the PATH' : (lines.at(-1) ?? `go list ended with status ${code}`)
  throw new Error(`${name} cannot be built: ${reason}. Install the Go that its go.mod asks for, or ${instead}`)
}

/** Builds one binary, and shows its progress. The target appears at once and whole, or not at all. */
export async function buildBinary(recipe: Recipe, target: string, { env, stream }: BuildContext): Promise<void> {
  const { name, module, goFlags = [], flags } = recipe
  const temporary = `${target}.${process.pid}.tmp`
  let downloaded = 0
  let compiled = 0
  let total = 0
  const describe = () => {
    if (total > 0) return `${name}: ${compiled} packages compiled, of at most ${total}`
    return downloaded > 0 ? `${name}: ${downloaded} modules downloaded` : `${name}: listing packages`
  }
  await mkdir(dirname(target), { recursive: true })
  try {
    await withProgress(stream, describe, async () => {
      const count = (line: string) => {
        if (line.startsWith('go: downloading')) downloaded++
        else compiled++
      }
      const packages = await runGo(module, env, ['list', ...goFlags, '-deps', recipe.package], count)
      failUnless(packages.code === 0, name, packages.lines)
      total = packages.lines.length - downloaded
      compiled = 0
      const args = ['build', ...goFlags, '-v', '-o', temporary, ...flags, recipe.package]
      const build = await runGo(module, env, args, count)
      failUnless(build.code === 0, name, build.lines)
    })
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Runs go without leaving it behind if this process dies, and collects the lines of both outputs. */
async function runGo(
  module: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<{ code: number | string | null; lines: string[] }> {
  const lines: string[] = []
  const child = spawnGuarded('go', args, { cwd: module, env, output: 'pipe' })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface(stream).on('line', line => {
      lines.push(line)
      onLine(line)
    })
  }
  const closed = new Promise(resolve => child.once('close', resolve))
  const code = await waitForExit(child)
  await closed
  return { code, lines }
}

function failUnless(good: boolean, name: string, lines: readonly string[]): void {
  if (!good) throw new Error(`${name} could not be built:\n${lines.slice(-20).join('\n')}`)
}
