import { execFile } from 'node:child_process'
import { copyFile, glob, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from '../bundle.ts'
import type { BundledPackage } from '../bundled-packages.ts'
import { bundleExecutable } from './bundle.ts'
import { WORKER_ASSET } from './replacements.ts'

const run = promisify(execFile)
const POSTJECT = fileURLToPath(import.meta.resolve('postject/dist/cli.js'))
/**
 * Where Node looks for what it is to run, and what is flipped in it so that it looks.
 *
 * @see https://nodejs.org/api/single-executable-applications.html
 */
const RESOURCE = 'NODE_SEA_BLOB'
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
const IS_MAC = process.platform === 'darwin'

/**
 * Makes one file of the Node that runs this and of the program with all that it needs, for the platform that this runs on.
 *
 * @returns the packages of which something is in it
 */
export async function buildExecutable(file: string, version: string): Promise<readonly BundledPackage[]> {
  const folder = await mkdtemp(join(tmpdir(), 'regcred-executable-'))
  try {
    const { main, worker, packages } = await bundleExecutable(folder, version)
    const assets: Record<string, string> = { [WORKER_ASSET]: worker }
    for await (const example of glob('examples/**/*.yaml', { cwd: ROOT })) {
      assets[example.replaceAll('\\', '/')] = join(ROOT, example)
    }
    const blob = await makeBlob(folder, main, assets)
    await copyNode(file)
    const segment = IS_MAC ? ['--macho-segment-name', 'NODE_SEA'] : []
    await run(process.execPath, [POSTJECT, file, RESOURCE, blob, '--sentinel-fuse', FUSE, ...segment])
    // macOS on arm64 runs nothing that is not signed, be it by nobody.
    if (IS_MAC) await run('codesign', ['--sign', '-', file])
    return packages
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What Node is to run, with V8's code cache: it is compiled when it is built, not when it starts (docs/adr/0028-one-file.md). */
async function makeBlob(folder: string, main: string, assets: Readonly<Record<string, string>>): Promise<string> {
  const [config, output] = [join(folder, 'sea-config.json'), join(folder, 'sea.blob')]
  const content = { main, output, assets, disableExperimentalSEAWarning: true, useCodeCache: true }
  await writeFile(config, JSON.stringify(content))
  await run(process.execPath, ['--experimental-sea-config', config])
  return output
}

/** A copy that may be written into: its signature would not hold any more. */
async function copyNode(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await rm(file, { force: true })
  await copyFile(process.execPath, file)
  if (IS_MAC) await run('codesign', ['--remove-signature', file])
}
