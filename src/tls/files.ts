import { type WatchFilesOptions, watchFiles } from '../runtime/watch-files.ts'
import { type LoadedPem, loadPair, type PairFiles } from './load.ts'
import type { Pair } from './pair.ts'
import type { PairSource } from './source.ts'

export interface PairsOfFilesOptions extends Omit<WatchFilesOptions<LoadedPem<Pair>>, 'load' | 'onChange' | 'since'> {
  readonly files: PairFiles
  /** What the caller has found in them. */
  readonly first: LoadedPem<Pair> & { readonly ok: true }
  /** DNS names and IP addresses that each pair has to be for. */
  readonly names: readonly string[]
  /** New contents that are refused: what was served goes on. */
  readonly onFault: (fault: string) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Pairs that somebody else writes into files: cert-manager by way of a mounted Secret, or a person. */
export function pairsOfFiles(options: PairsOfFilesOptions): PairSource {
  const { files, first, names, onFault, now = Date.now, ...rest } = options
  let fault: string | undefined
  let watched: { stop(): void } | undefined
  return {
    start(serve) {
      serve(first.value)
      watched = watchFiles([files.certFile, files.keyFile], {
        ...rest,
        since: first.digest,
        load: () => loadPair(files, now(), names),
        onChange: found => {
          fault = found.ok ? undefined : found.fault
          if (found.ok) serve(found.value)
          else onFault(found.fault)
        },
      })
    },
    health: () => ({ ok: fault === undefined, detail: fault ?? `watches ${files.certFile}` }),
    async stop() {
      watched?.stop()
    },
  }
}
