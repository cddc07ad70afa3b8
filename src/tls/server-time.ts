import type { Objects } from '../kube/objects.ts'
import type { Log } from '../runtime/log.ts'

/** How far two clocks of a cluster may be apart without a word; a new certificate begins an hour before it is made. */
export const MAX_CLOCK_SKEW_MS = 300_000
const MINUTE_MS = 60_000

/**
 * The time of day by which certificates are judged: ours, or the API server's where ours is far from it. A replica that
 * went by a wrong clock would take what the others make for expired, and they what it makes, for ever.
 */
export class ServerTime {
  readonly #objects: Objects
  readonly #now: () => number
  readonly #log: Log
  #isWrong = false

  /** @param now milliseconds since the epoch */
  constructor(objects: Objects, now: () => number, log: Log) {
    this.#objects = objects
    this.#now = now
    this.#log = log
  }

  /** Milliseconds since the epoch, as of the last answer of the API server. Says once that ours is wrong, and once that it is not. */
  now(): number {
    const { clockSkew } = this.#objects
    const isWrong = Math.abs(clockSkew) > MAX_CLOCK_SKEW_MS
    const fields = { behindMinutes: Math.round(clockSkew / MINUTE_MS) }
    if (isWrong && !this.#isWrong) this.#log.warn(fields, WRONG)
    if (!isWrong && this.#isWrong) this.#log.info(fields, "The clock of this node agrees with the API server's again.")
    this.#isWrong = isWrong
    return this.#now() + (isWrong ? clockSkew : 0)
  }

  /** For people, where the clock is wrong. */
  get fault(): string | undefined {
    return this.#isWrong ? WRONG : undefined
  }
}

const WRONG =
  "The clock of this node is not the API server's. Certificates go by the API server's; correct the node's clock (NTP)."
