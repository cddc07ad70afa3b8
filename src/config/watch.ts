import { watch as watchPath } from 'node:fs'
import { dirname } from 'node:path'
import type { Fault } from './fault.ts'
import { loadConfiguration } from './load.ts'
import type { Configuration } from './read.ts'

export interface WatchOptions {
  /** A new content that holds from now on. */
  readonly onSettings: (configuration: Configuration) => void
  /** A new content, or none any more, that is refused: what held before goes on. Told once for each content. */
  readonly onFaults: (faults: readonly Fault[]) => void
  /** The digest of what the caller has loaded already; without it the first look tells whatever it finds. */
  readonly since?: string
  /** Milliseconds between two looks that nothing called for. */
  readonly pollInterval?: number
  /** Milliseconds from a change to the look, in which an editor or a copy finishes writing. */
  readonly settleTime?: number
  readonly load?: typeof loadConfiguration
  readonly watchFolder?: (folder: string, onChange: () => void) => () => void
  readonly schedule?: (task: () => void, milliseconds: number) => () => void
}

/**
 * Follows a configuration file, beginning with a look at it.
 *
 * The kubelet never writes a mounted file: it swaps the symbolic link `..data` beside it. So the folder is watched, and
 * because some file systems tell nothing and some folders are replaced whole, the content is compared now and then too.
 */
export function watchConfiguration(file: string, options: WatchOptions): { stop(): void } {
  const { onSettings, onFaults, load = loadConfiguration, watchFolder = watchByEvents, schedule = runLater } = options
  const { pollInterval = 10_000, settleTime = 100 } = options
  let seen = options.since
  let stopped = false
  let looking = false
  let changed = false
  let cancel = () => {}

  async function look(): Promise<void> {
    looking = true
    changed = false
    const { reading, digest } = await load(file)
    looking = false
    if (stopped) return
    cancel = schedule(look, changed ? settleTime : pollInterval)
    if (digest === seen) return
    seen = digest
    if (reading.ok) onSettings(reading)
    else onFaults(reading.faults)
  }

  function notice(): void {
    if (changed) return
    changed = true
    if (looking) return
    cancel()
    cancel = schedule(look, settleTime)
  }

  const unwatch = watchFolder(dirname(file), notice)
  look()
  return {
    stop() {
      stopped = true
      cancel()
      unwatch()
    },
  }
}

/** A folder that cannot be watched is not worth an error: the file is still looked at. */
function watchByEvents(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watchPath(folder, { persistent: false }, onChange)
    const close = () => watcher.close()
    watcher.on('error', close)
    return close
  } catch {
    return () => {}
  }
}

function runLater(task: () => void, milliseconds: number): () => void {
  const timer = setTimeout(task, milliseconds).unref()
  return () => clearTimeout(timer)
}
