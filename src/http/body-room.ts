/** Rate that a body has to come at. */
const MIN_BODY_BYTES_PER_SECOND = 64 * 1024
/** Time for a body to begin, before its rate counts. */
const BODY_GRACE_MS = 2000
/** Time between two looks for bodies that do not come. */
const SWEEP_INTERVAL_MS = 250

/** Where a body comes from. */
export interface BodySource {
  /** When whoever sends it stops waiting, on the clock of the room. */
  readonly deadline: number
  /** Called when a body that was told to wait may be read on. */
  resume(): void
  /** Called when it is waited for no longer. */
  abort(): void
}

/** One body on its way in. */
export interface BodyTicket {
  /** Accounts for bytes that have come; false if no more may be read until the source is resumed. */
  add(bytes: number): boolean
  /** All of it has come. */
  complete(): void
  /** Gives back all of it; to be called once nothing of the body is held any more. */
  close(): void
}

/**
 * Room for the bytes of all bodies that are on their way in, which counts what has come and not what was announced: who
 * announces much and sends little takes nothing from anybody.
 *
 * Past the limit bodies wait, all but one at a time, which may exceed it: so one after the other comes to its end, and none
 * waits for another that waits for it. The limit is exceeded by one body at most, and by one read of each other. A body that
 * comes too slowly, or not in the time of its review, is given up.
 */
export class BodyRoom {
  readonly #limit: number
  readonly #clock: () => number
  readonly #sweeper: NodeJS.Timeout
  /** In the order in which they began. */
  readonly #tickets = new Set<Ticket>()
  #held = 0
  /** The one that may exceed the limit. */
  #exceeding: Ticket | undefined

  /**
   * @param limit bytes
   * @param clock monotonic milliseconds
   */
  constructor(limit: number, clock: () => number = () => performance.now()) {
    this.#limit = limit
    this.#clock = clock
    // What has come while the event loop was busy is read before a look.
    this.#sweeper = setInterval(() => setImmediate(() => this.sweep()), SWEEP_INTERVAL_MS).unref()
  }

  /** Bytes that are held. */
  get held(): number {
    return this.#held
  }

  open(source: BodySource): BodyTicket {
    const ticket = new Ticket(source, this.#clock())
    this.#tickets.add(ticket)
    return {
      add: bytes => this.#add(ticket, bytes),
      complete: () => {
        ticket.isComplete = true
      },
      close: () => this.#close(ticket),
    }
  }

  /** Gives up what does not come. One that waits for room does not come through no fault of its own. */
  sweep(): void {
    const now = this.#clock()
    for (const ticket of this.#tickets) if (ticket.isGivenUp(now)) ticket.source.abort()
  }

  stop(): void {
    clearInterval(this.#sweeper)
  }

  #add(ticket: Ticket, bytes: number): boolean {
    ticket.bytes += bytes
    this.#held += bytes
    if (this.#held > this.#limit) this.#exceeding ??= ticket
    ticket.isPaused = this.#held > this.#limit && this.#exceeding !== ticket
    return !ticket.isPaused
  }

  #close(ticket: Ticket): void {
    if (!this.#tickets.delete(ticket)) return
    this.#held -= ticket.bytes
    if (this.#exceeding === ticket) this.#exceeding = undefined
    for (const waiting of this.#tickets) {
      if (!waiting.isPaused) continue
      if (this.#held > this.#limit) {
        if (this.#exceeding !== undefined) return
        this.#exceeding = waiting
      }
      waiting.isPaused = false
      waiting.source.resume()
    }
  }
}

class Ticket {
  readonly source: BodySource
  bytes = 0
  isPaused = false
  isComplete = false
  readonly #begunAt: number

  constructor(source: BodySource, begunAt: number) {
    this.source = source
    this.#begunAt = begunAt
  }

  isGivenUp(now: number): boolean {
    if (this.isComplete) return false
    if (now >= this.source.deadline) return true
    const elapsed = now - this.#begunAt
    return elapsed >= BODY_GRACE_MS && !this.isPaused && this.bytes < (elapsed / 1000) * MIN_BODY_BYTES_PER_SECOND
  }
}
