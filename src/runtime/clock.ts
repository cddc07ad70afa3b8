import { setTimeout as wait } from 'node:timers/promises'

/** Time as what follows and reads the cluster sees it; a test puts its own in its place. */
export interface Clock {
  /** Milliseconds since some moment in the past. Unlike the time of day it never jumps. */
  now(): number
  /** Resolves after so many milliseconds, or early once the signal is aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => wait(Math.max(0, milliseconds), undefined, { signal }).catch(() => undefined),
}
