/**
 * Waits for something until it is no longer wanted. The work itself goes on; whoever started it ends it.
 *
 * @returns what came of the work, or `otherwise` once the signal is aborted
 */
export async function raceSignal<T, O>(work: Promise<T>, signal: AbortSignal, otherwise: O): Promise<T | O> {
  const { promise, resolve } = Promise.withResolvers<O>()
  const giveUp = () => resolve(otherwise)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
