import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../bundle.ts'
import type { BundledPackage } from '../bundled-packages.ts'
import { writeNotices } from '../notices.ts'
import { archiveName, type Platform } from './platforms.ts'

/** A single file, and what it was made of. */
interface Executable {
  readonly file: string
  readonly version: string
  readonly platform: Platform
  readonly packages: readonly BundledPackage[]
  /** The license that Node came with. */
  readonly nodeLicense: string
}

/**
 * Packs a single file with the licenses of all that is in it: a zip for Windows, else a tar.gz.
 *
 * @returns the path of the archive, which is in the folder
 */
export async function archive(made: Executable, destination: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'regcred-archive-'))
  try {
    const program = join(folder, basename(made.file))
    await copyFile(made.file, program)
    await chmod(program, 0o755)
    await copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
    const license = await readFile(made.nodeLicense, 'utf8')
    const notices = `${writeNotices(made.packages)}${'-'.repeat(100)}\nNode.js ${process.versions.node}\n\n${license}`
    await writeFile(join(folder, 'THIRD-PARTY-NOTICES'), notices)
    await mkdir(destination, { recursive: true })
    const archived = join(destination, archiveName(made.version, made.platform))
    const files = [basename(program), 'LICENSE', 'THIRD-PARTY-NOTICES']
    await promisify(execFile)(...tar(made.platform, archived, folder, files))
    return archived
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Windows' own tar writes zip files, which the one that Git brings does not. */
function tar({ os }: Platform, archived: string, folder: string, files: readonly string[]): [string, string[]] {
  if (os !== 'windows') return ['tar', ['--create', '--gzip', '--file', archived, '--directory', folder, ...files]]
  const own = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'tar.exe')
  return [own, ['-a', '-c', '-f', archived, '-C', folder, ...files]]
}

/** The license beside a Node as nodejs.org publishes it. */
export function besideNode(): string {
  const folder = dirname(process.execPath)
  return join(process.platform === 'win32' ? folder : dirname(folder), 'LICENSE')
}
