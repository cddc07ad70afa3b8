import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, rename, rm } from 'node:fs/promises'
import { CommandError } from '../../runtime/command-error.ts'

/** Of a file with passwords: only its owner may read and write it. */
const PRIVATE_MODE = 0o600

/**
 * Whether a file can be written, before anybody types a password for it.
 *
 * @throws {CommandError} where something is there that is not to be overwritten
 */
export async function checkDestination(file: string, force: boolean): Promise<void> {
  if (file === '-') throw new CommandError('--output-file wants a file; without it the Secret goes to standard output')
  const there = await lstat(file).catch(() => undefined)
  if (there === undefined) return
  if (!there.isFile())
    throw new CommandError(`${file} is not a file (a link is not followed); give another: --output-file FILE`)
  if (!force) throw new CommandError(`${file} exists; --force overwrites it`)
}

/**
 * Writes a file that only its owner can read. A new one is made as such, and never through a link; with `force` it is made beside the
 * old one and takes its place, so that the mode of that does not count.
 *
 * @throws {CommandError} where it cannot be written
 */
export async function writePrivateFile(file: string, text: string, force: boolean): Promise<void> {
  await checkDestination(file, force)
  const made = force ? `${file}.${randomUUID()}` : file
  try {
    const handle = await open(made, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, PRIVATE_MODE)
    try {
      await handle.writeFile(text).finally(() => handle.close())
      if (force) await rename(made, file)
    } finally {
      // What has not taken its place.
      if (force) await rm(made, { force })
    }
  } catch (error) {
    throw new CommandError(`${file} cannot be written (${Object(error).code}); check the path and its permissions`)
  }
}
