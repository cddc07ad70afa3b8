import { type FollowOptions, watchFiles } from '../runtime/watch-files.ts'
import type { Configuration } from './configuration.ts'
import type { Fault } from './fault.ts'
import { type Loaded, loadConfiguration } from './load.ts'

export interface WatchOptions extends Omit<FollowOptions<Loaded>, 'load' | 'onChange'> {
  /** A new content that holds from now on. */
  readonly onSettings: (configuration: Configuration) => void
  /** A new content, or none any more, that is refused: what held before goes on. Told once for each content. */
  readonly onFaults: (faults: readonly Fault[]) => void
  readonly load?: typeof loadConfiguration
}

/** Follows a configuration file, beginning with a look at it. */
export function watchConfiguration(file: string, options: WatchOptions): { stop(): void } {
  const { onSettings, onFaults, load = loadConfiguration, ...rest } = options
  return watchFiles([file], {
    ...rest,
    load: () => load(file),
    onChange: ({ reading }) => (reading.ok ? onSettings(reading) : onFaults(reading.faults)),
  })
}
