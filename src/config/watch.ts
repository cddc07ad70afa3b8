import { type WatchFilesOptions, watchFiles } from '../runtime/watch-files.ts'
import type { Configuration } from './configuration.ts'
import type { Fault } from './fault.ts'
import { type LoadedConfiguration, loadConfiguration } from './load.ts'

export interface WatchConfigurationOptions extends Omit<WatchFilesOptions<LoadedConfiguration>, 'load' | 'onChange'> {
  /** A new content that is in effect from now on. */
  readonly onSettings: (configuration: Configuration) => void
  /** A new content, or none any more, that is refused: what was in effect stays. Told once for each content. */
  readonly onFaults: (faults: readonly Fault[]) => void
  readonly load?: typeof loadConfiguration
}

/** Watches a configuration file, beginning with a look at it. */
export function watchConfiguration(file: string, options: WatchConfigurationOptions): { stop(): void } {
  const { onSettings, onFaults, load = loadConfiguration, ...rest } = options
  return watchFiles([file], {
    ...rest,
    load: () => load(file),
    onChange: ({ reading }) => (reading.ok ? onSettings(reading) : onFaults(reading.faults)),
  })
}
