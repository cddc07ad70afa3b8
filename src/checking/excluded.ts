import { relative, resolve, sep } from 'node:path'
import type { CheckConfiguration } from './check-configuration.ts'
import { matcherOf } from './globs.ts'

/**
 * A function that says whether a file is left out of a check: because a glob of `exclude` fits it or a folder that it is in, or because
 * it is the configuration itself, which lies among manifests.
 *
 * @param cwd the working directory, to which the paths are relative that it is asked about
 */
export function excluderOf({ folder, file, exclude }: CheckConfiguration, cwd: string): (path: string) => boolean {
  const fits = matcherOf(exclude.map(glob => glob.replace(/\/$/, '')))
  const own = resolve(cwd, file)
  return path => resolve(cwd, path) === own || foldersOf(pathIn(folder, path, cwd)).some(fits)
}

/** A path of the working directory as one of another folder, with forward slashes. */
export function pathIn(folder: string, path: string, cwd: string): string {
  return relative(folder, resolve(cwd, path)).split(sep).join('/')
}

/** A path, and each folder that it is in: `a/b/c`, `a`, `a/b`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return [path, ...parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'))]
}
