/** `pullSecrets`: all of a namespace; `secrets`: these, and the names of all others. */
export type ReadKind = 'secret' | 'secrets' | 'pullSecrets' | 'serviceAccount' | 'namespace'

/**
 * `shared`: by a read that another had begun. `disagreed`: the lists of one read did not fit together. `limited`: not sent
 * in time, because there were too many or the API server asked for time.
 */
export type ReadOutcome = 'value' | 'absent' | 'timeout' | 'failed' | 'disagreed' | 'shared' | 'limited'

/** Told once for everyone who asked. */
export interface ReadObserver {
  ended(kind: ReadKind, outcome: ReadOutcome): void
}
