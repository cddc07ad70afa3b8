import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { appendFile, chmod, chown, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describeFileFault } from '../../runtime/read-small-file.ts'

/** Permissions of a file that its owner alone may read. */
const PRIVATE = 0o600
/** The bits of a mode that are permissions. */
const PERMISSIONS = 0o777

/**
 * Writes a file so that whoever reads it finds the old text or the new one, and never a part: the text is written beside it, and takes
 * its name. What a link leads to is written, and the link stays; what is no file, such as a pipe, is written to as it is.
 *
 * @returns what is wrong, in words, or nothing
 */
export async function writeWhole(file: string, text: string): Promise<string | undefined> {
  try {
    const target = await realpath(file).catch(() => file)
    const there = await stat(target).catch(() => undefined)
    if (there !== undefined && !there.isFile()) await writeFile(target, text)
    else await replace(target, text, there)
    return undefined
  } catch (error) {
    return describeFileFault(error)
  }
}

/** @param before the file that is replaced: whoever could not read it can read no more now */
async function replace(file: string, text: string, before: Stats | undefined): Promise<void> {
  const beside = join(dirname(file), `.${basename(file)}.${randomUUID()}`)
  try {
    await writeFile(beside, text, { flag: 'wx', ...(before && { mode: PRIVATE }) })
    if (before !== undefined) {
      // Another's file may be written by its group; then it is ours from now on.
      await chown(beside, before.uid, before.gid).catch(() => undefined)
      await chmod(beside, before.mode & PERMISSIONS)
    }
    await rename(beside, file)
  } finally {
    // It has the other name by now, unless something went wrong.
    await rm(beside, { force: true })
  }
}

/**
 * Adds to a file, on a line of its own.
 *
 * @param write makes the text of how many bytes there are already
 * @returns what is wrong, in words, or nothing
 */
export async function append(file: string, write: (taken: number) => string): Promise<string | undefined> {
  try {
    const before = await stat(file).catch(() => ({ size: 0 }))
    const between = before.size === 0 ? '' : '\n\n'
    await appendFile(file, `${between}${write(before.size + between.length)}`)
    return undefined
  } catch (error) {
    return describeFileFault(error)
  }
}
