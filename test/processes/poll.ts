import { setTimeout as delay } from 'node:timers/promises'

export interface PollOptions {
  /** Milliseconds until it is given up. */
  readonly timeout?: number
  /** Milliseconds between two tries. */
  readonly interval?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Tries until there is something other than undefined, for what a cluster does in its own time.
 * @param what a sentence for the error that is thrown when it took too long, e.g. "kube-apiserver is ready"
 */
export async function poll<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  { timeout = 30_000, interval = 50, signal }: PollOptions = {},
): Promise<T> {
  const started = performance.now()
  for (;;) {
    const result = await attempt()
    if (result !== undefined) return result
    if (performance.now() - started > timeout) throw new Error(`not within ${timeout / 1000} s: ${what}`)
    await delay(interval, undefined, { signal })
  }
}
