import type { Configuration } from '../config/configuration.ts'
import { formatFault } from '../config/fault.ts'
import { addsByDefault } from '../policy/labels.ts'
import { defaultSettings, type Settings } from '../policy/settings.ts'
import { CommandError } from '../runtime/command-error.ts'

/** A configuration file, the mark of the content that was read, and what of it holds until the end. */
export interface SettingsFile {
  readonly file: string
  readonly digest: string
  readonly view: Settings['view']
  /** Whether it adds pull secrets wherever no label says otherwise. */
  readonly adds: boolean
}

/** The settings of a command, and the file that they come from, if any. */
interface ReadSettings {
  readonly settings: Settings
  readonly source?: SettingsFile
}

/**
 * Reads the settings of a command: those of its configuration file, or the defaults.
 *
 * @throws {CommandError} with every error of the file, a line each
 */
export async function readSettings(file: string | undefined): Promise<ReadSettings> {
  if (file === undefined) return { settings: defaultSettings }
  const { configuration, digest } = await loadOrFail(file)
  const { settings } = configuration
  return { settings, source: { file, digest, view: settings.view, adds: addsByDefault(settings) } }
}

/**
 * Loads a configuration file.
 *
 * @throws {CommandError} with every error of the file, a line each
 */
export async function loadOrFail(
  file: string,
): Promise<{ readonly configuration: Configuration; readonly digest: string }> {
  const { loadConfiguration } = await import('../config/load.ts')
  const { reading, digest } = await loadConfiguration(file)
  if (reading.ok) return { configuration: reading, digest }
  throw new CommandError(reading.faults.map(fault => formatFault(file, fault)))
}

/** Files and clusters are judged as they are. What the configuration writes down is there for good; what matches today may not be. */
export function withoutMatch(settings: Settings): Settings {
  return { ...settings, inject: { ...settings.inject, match: false } }
}
