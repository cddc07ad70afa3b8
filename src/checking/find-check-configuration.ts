import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

/** How it may be called; the first that is there counts. */
const NAMES = ['regcred.yaml', '.regcred.yaml'] as const

/** A file, and the folder that it and all that it names have to be in. */
export interface FoundFile {
  /** Absolute. */
  readonly file: string
  readonly root: string
}

/**
 * Finds the configuration of checks in a folder: in it, or in one above it up to the root of its Git repository. Outside of any, in the
 * folder alone: what lies above may be anybody's.
 */
export async function findCheckConfiguration(cwd: string): Promise<FoundFile | undefined> {
  const { folders, root } = await foldersUpToRoot(cwd)
  for (const folder of folders) {
    for (const name of NAMES) {
      const file = join(folder, name)
      if (await isThere(file)) return { file, root }
    }
  }
  return undefined
}

/** Whether what a path leads to, by links as well, is a file below a folder; what is not there is nobody's. */
export async function isFileIn(root: string, path: string): Promise<boolean> {
  try {
    const below = relative(await realpath(root), await realpath(path))
    return below !== '..' && !below.startsWith(`..${sep}`) && (await stat(path)).isFile()
  } catch {
    // Who reads it says why it cannot be read.
    return true
  }
}

async function foldersUpToRoot(cwd: string): Promise<{ readonly folders: readonly string[]; readonly root: string }> {
  const folders = [cwd]
  let root = cwd
  while (!(await isThere(join(root, '.git')))) {
    if (dirname(root) === root) return { folders: [cwd], root: cwd }
    root = dirname(root)
    folders.push(root)
  }
  return { folders, root }
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  )
}
