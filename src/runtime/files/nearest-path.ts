import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nearestName } from '../nearest-name.ts'

/** Names of a folder that are compared with one that is not in it. */
const MAX_COMPARED_NAMES = 10_000
/** Letters by which a name may differ from what is there. */
const MAX_DIFFERENT_LETTERS = 2

/**
 * The path that was probably meant where there is nothing at another: the nearest name in each folder on the way. Undefined where
 * there is none.
 */
export async function nearestPath(path: string, maxNames: number = MAX_COMPARED_NAMES): Promise<string | undefined> {
  let found = path.startsWith('/') ? '/' : ''
  for (const name of path.split('/').filter(part => part !== '')) {
    const next = (await isThere(join(found, name))) ? name : await nearestIn(found || '.', name, maxNames)
    if (next === undefined) return undefined
    found = found === '' || found === '/' ? `${found}${next}` : `${found}/${next}`
  }
  return found === '' ? undefined : found
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

async function nearestIn(folder: string, name: string, maxNames: number): Promise<string | undefined> {
  const names: string[] = []
  try {
    for await (const entry of await opendir(folder)) {
      names.push(entry.name)
      if (names.length === maxNames) break
    }
  } catch {
    // It is no folder, or nobody may look into it: nothing is known of what is there.
  }
  return nearestName(name, names, { limit: MAX_DIFFERENT_LETTERS, ignoreCase: true })
}

/** Says that there is nothing at a path, and what was probably meant. */
export async function tellNoSuchFile(path: string): Promise<string> {
  const near = await nearestPath(path)
  return near === undefined ? 'no such file or folder' : `no such file or folder; did you mean ${near}?`
}
