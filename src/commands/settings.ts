import { readFile } from 'node:fs/promises'
import { formatFault } from '../config/fault.ts'
import { readConfiguration } from '../config/read.ts'
import { defaultSettings, type Settings } from '../config/settings.ts'
import { CommandError } from './command-error.ts'

/**
 * Reads the settings of a command: those of its configuration file, or the defaults.
 *
 * @throws {CommandError} with every fault of the file, a line each
 */
export async function readSettings(file: string | undefined): Promise<Settings> {
  if (file === undefined) return defaultSettings
  const read = readConfiguration(await readText(file), file)
  if (read.ok) return read.settings
  throw new CommandError(read.faults.map(fault => formatFault(file, fault)).join('\n'))
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    throw new CommandError(`--config: cannot read ${file} (${code}); check the path and its permissions`, {
      cause: error,
    })
  }
}
