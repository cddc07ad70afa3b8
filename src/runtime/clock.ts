import { setTimeout as wait } from 'node:timers/promises'

/** Time as what follows and reads the cluster sees it; a test puts its own in its place. */
export interface Clock {
  /** Milliseconds since some moment in the past. Unlike the time of day it never jumps. */
  now(): number
  /** Resolves after so many milliseconds, or early once the signal is aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** A sleep that is slept in slices: whoever waits that short waits for an answer. */
const MAX_SLICED_MS = 1000
/** A slice, which is as long as it took, but counts as this. */
const SLICE_MS = 50
/** How many times as long as it was to be a sleep in slices may last. */
const MAX_STRETCH = 3

/**
 * The clock of the system. Of a short sleep only the time counts in which the event loop ran: what came while it stood still is
 * read before the sleep is over, and is not too late.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(milliseconds, signal) {
    const slice = milliseconds > MAX_SLICED_MS ? milliseconds : SLICE_MS
    const end = performance.now() + milliseconds * MAX_STRETCH
    let left = milliseconds
    do {
      await pause(Math.min(left, slice), signal)
      left -= slice
    } while (left > 0 && !signal.aborted && performance.now() < end)
  },
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(Math.max(0, milliseconds), undefined, { signal }).catch(() => undefined)
}
