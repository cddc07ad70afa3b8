import { watch as watchPath } from 'node:fs'
import { dirname } from 'node:path'

/** How files are looked at, and when. */
export interface WatchFilesOptions<T> {
  /** Reads them; `digest` differs where what was found differs. */
  readonly load: () => Promise<T>
  /** Told once for each new content, and of no content after it has been stopped. */
  readonly onChange: (found: T) => void
  /** The digest of what the caller has loaded already; without it the first look tells whatever it finds. */
  readonly since?: string
  /** Milliseconds between two looks that nothing called for. */
  readonly pollInterval?: number
  /** Milliseconds from a change to the look, in which an editor or a copy finishes writing. */
  readonly settleTime?: number
  readonly watchFolder?: (folder: string, onChange: () => void) => () => void
  readonly schedule?: (task: () => void, milliseconds: number) => () => void
}

/** How often files are looked at although nothing called for it. */
const POLL_INTERVAL_MS = 10_000
/** Time from a change to the look at it, in which an editor or a copy finishes writing. */
const SETTLE_TIME_MS = 100

/**
 * Watches files that belong together, beginning with a look at them.
 *
 * The kubelet never writes a mounted file: it swaps the symbolic link `..data` beside it. So the folders are watched, and
 * because some file systems tell nothing and some folders are replaced whole, the content is compared now and then too.
 */
export function watchFiles<T extends { readonly digest: string }>(
  files: readonly string[],
  options: WatchFilesOptions<T>,
): { stop(): void } {
  const { load, onChange, watchFolder = watchByEvents, schedule = runLater } = options
  const { pollInterval = POLL_INTERVAL_MS, settleTime = SETTLE_TIME_MS } = options
  let seen = options.since
  let stopped = false
  let looking = false
  let changed = false
  let cancel = () => {}

  async function look(): Promise<void> {
    looking = true
    changed = false
    const found = await load()
    looking = false
    if (stopped) return
    cancel = schedule(look, changed ? settleTime : pollInterval)
    if (found.digest === seen) return
    seen = found.digest
    onChange(found)
  }

  function notice(): void {
    if (changed) return
    changed = true
    if (looking) return
    cancel()
    cancel = schedule(look, settleTime)
  }

  const unwatch = [...new Set(files.map(file => dirname(file)))].map(folder => watchFolder(folder, notice))
  look()
  return {
    stop() {
      stopped = true
      cancel()
      for (const stop of unwatch) stop()
    },
  }
}

/** A folder that cannot be watched is not worth an error: the files are still looked at. */
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
