/** Time as what follows and reads the cluster sees it; a test puts its own in its place. */
export interface Clock {
  /** Milliseconds since some moment in the past. Unlike the time of day it never jumps. */
  now(): number
  /** Resolves after so many milliseconds, or early once the signal is aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** The reason to abort a sleep with. Without one an error with a stack is made, which costs more than the sleep. */
export const AWAKE = 'awake'

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

/** Not by `node:timers/promises`, which makes an error with a stack for each that is aborted: most are, by an answer. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.max(0, milliseconds))
    signal.addEventListener('abort', end)
  })
}
