import type { App } from '../app.ts'
import { formatFault } from '../config/fault.ts'
import { loadConfiguration } from '../config/load.ts'
import type { Configuration } from '../config/parse.ts'
import { watchConfiguration } from '../config/watch.ts'
import { defaultSettings, freeze, type Settings } from '../policy/settings.ts'
import type { ClosableLog } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { CommandError } from './command-error.ts'

/** A configuration file, the mark of the content that was read, and what of it holds until the end. */
interface SettingsFile {
  readonly file: string
  readonly digest: string
  readonly view: Settings['view']
}

/** The settings of a command, and the file that they come from, if any. */
export interface ReadSettings {
  readonly settings: Settings
  readonly source?: SettingsFile
}

/**
 * Reads the settings of a command: those of its configuration file, or the defaults.
 *
 * @throws {CommandError} with every fault of the file, a line each
 */
export async function readSettings(file: string | undefined): Promise<ReadSettings> {
  if (file === undefined) return { settings: defaultSettings }
  const { configuration, digest } = await loadOrFail(file)
  const { settings } = configuration
  return { settings, source: { file, digest, view: settings.view } }
}

/**
 * Loads a configuration file.
 *
 * @throws {CommandError} with every fault of the file, a line each
 */
export async function loadOrFail(
  file: string,
): Promise<{ readonly configuration: Configuration; readonly digest: string }> {
  const { reading, digest } = await loadConfiguration(file)
  if (reading.ok) return { configuration: reading, digest }
  throw new CommandError(reading.faults.map(fault => formatFault(file, fault)).join('\n'))
}

/**
 * Lets a server go by what its configuration file says from now on; a bad new content is refused, and loudly. Another
 * `view.secrets` waits for a restart, as loudly: docs/adr/0004-names-only-from-the-start.md.
 */
export function watchSettings(
  { file, digest, view }: SettingsFile,
  app: Pick<App, 'use'>,
  metrics: Pick<Metrics, 'countReload'>,
  log: ClosableLog['log'],
): { stop(): void } {
  return watchConfiguration(file, {
    since: digest,
    onSettings: ({ settings }) => {
      app.use(keepView(settings, view))
      metrics.countReload('taken')
      log.info({ file }, 'configuration taken')
      if (settings.view.secrets !== view.secrets) {
        log.error({ file, running: view.secrets, written: settings.view.secrets }, 'view.secrets waits for a restart')
      }
    },
    onFaults: faults => {
      metrics.countReload('refused')
      const lines = faults.map(fault => formatFault(file, fault))
      log.error({ file, faults: lines }, 'configuration refused; the last good one stays')
    },
  })
}

/**
 * Settings for a program that already follows a cluster: how much of a Secret it receives stays as it was at the start, and
 * so does that nothing is matched where no contents are received.
 *
 * @returns the settings themselves where they agree
 */
export function keepView(settings: Settings, running: Settings['view']): Settings {
  if (settings.view.secrets === running.secrets) return settings
  const match = settings.inject.match && running.secrets === 'contents'
  return freeze({ ...settings, view: running, inject: { ...settings.inject, match } })
}
