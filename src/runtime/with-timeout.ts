import { AWAKE, type Clock } from './clock.ts'

/** Time was up before there was an answer; the cause is what that made of it. */
export class TimeoutError extends Error {}

/**
 * A timeout: aborts what is sent once its time is up.
 *
 * @param milliseconds for all of it
 * @param signal of the caller, which aborts it as well
 * @param send rejects once its signal is aborted
 * @throws {TimeoutError} when time was up; else whatever `send` throws
 */
export async function withTimeout<T>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  void clock.sleep(milliseconds, done.signal).then(() => {
    if (!done.signal.aborted) late.abort()
  })
  return await send(AbortSignal.any([signal, late.signal]))
    .catch((error: unknown) => {
      throw late.signal.aborted
        ? new TimeoutError(`there was no answer within ${milliseconds} ms`, { cause: error })
        : error
    })
    .finally(() => done.abort(AWAKE))
}
