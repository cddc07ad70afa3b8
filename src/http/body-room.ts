/** Rate that a body has to come at. */
const MIN_BODY_BYTES_PER_SECOND = 64 * 1024
/** Time in which a body may stand still, at its begin or later: what it has sent before buys it no more. */
const BODY_GRACE_MS = 2000
/** Time in which a body comes while others wait for its room: who sends in good faith needs far less, and others wait no longer. */
const MAX_PRESSED_BODY_MS = 2000
/** Time between two looks for bodies that do not come. */
const SWEEP_INTERVAL_MS = 250

/** Size up to which a body has a room that large ones take nothing of: nearly all reviews are smaller by far. */
const MAX_SMALL_BODY_BYTES = 64 * 1024

/** Bytes that bodies may hold together. */
export interface RoomLimits {
  /** Those of at most 64 KiB so far. */
  readonly small: number
  readonly large: number
}

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
 * announces much and sends little takes nothing from anybody. Small bodies have room of their own, so that none waits for large
 * ones, which may take their time.
 *
 * Past the limit bodies wait, all but one at a time, which may exceed it: so one after the other comes to its end, and none
 * waits for another that waits for it. Nor does one wait that holds less than half of what each could have: whoever fills the room with many
 * does not keep others' out. The limit is exceeded by a half and one body at most, and by one read of each other. A body that
 * comes too slowly, or not in the time of its review, is given up; while others wait for room it has two seconds.
 */
export class BodyRoom {
  readonly #small: Share
  readonly #large: Share
  readonly #clock: () => number
  /** Runs while there is a body. */
  #sweeper: NodeJS.Timeout | undefined
  /** In the order in which they began. */
  readonly #tickets = new Set<Ticket>()

  /** @param clock monotonic milliseconds */
  constructor({ small, large }: RoomLimits, clock: () => number = () => performance.now()) {
    this.#small = { limit: small, held: 0, bodies: 0, exceeding: undefined }
    this.#large = { limit: large, held: 0, bodies: 0, exceeding: undefined }
    this.#clock = clock
  }

  /** Bytes that are held. */
  get held(): number {
    return this.#small.held + this.#large.held
  }

  open(source: BodySource): BodyTicket {
    const ticket = new Ticket(source, this.#clock(), this.#small)
    this.#tickets.add(ticket)
    this.#small.bodies += 1
    if (this.#sweeper === undefined) this.#start()
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
    const pressed = new Set<Share>()
    for (const { isPaused, share } of this.#tickets) if (isPaused) pressed.add(share)
    for (const ticket of this.#tickets) if (ticket.isGivenUp(now, pressed.has(ticket.share))) ticket.source.abort()
    if (this.#tickets.size === 0) this.stop()
  }

  #start(): void {
    // What has come while the event loop was busy is read before a look.
    this.#sweeper = setInterval(() => setImmediate(() => this.sweep()), SWEEP_INTERVAL_MS)
    this.#sweeper.unref()
  }

  stop(): void {
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }

  #add(ticket: Ticket, bytes: number): boolean {
    ticket.add(bytes)
    ticket.share.held += bytes
    if (ticket.share === this.#small && ticket.bytes > MAX_SMALL_BODY_BYTES) this.#moveToLarge(ticket)
    const { share } = ticket
    const isModest = ticket.bytes <= share.limit / (2 * share.bodies)
    if (share.held <= share.limit || isModest) return true
    share.exceeding ??= ticket
    ticket.isPaused = share.exceeding !== ticket
    return !ticket.isPaused
  }

  #moveToLarge(ticket: Ticket): void {
    this.#leave(ticket)
    ticket.share = this.#large
    this.#large.held += ticket.bytes
    this.#large.bodies += 1
  }

  #close(ticket: Ticket): void {
    if (this.#tickets.delete(ticket)) this.#leave(ticket)
  }

  #leave(ticket: Ticket): void {
    const { share } = ticket
    share.held -= ticket.bytes
    share.bodies -= 1
    if (share.exceeding === ticket) share.exceeding = undefined
    for (const waiting of this.#tickets) {
      if (!waiting.isPaused || waiting.share !== share || waiting === ticket) continue
      if (share.held > share.limit) {
        if (share.exceeding !== undefined) return
        share.exceeding = waiting
      }
      waiting.isPaused = false
      waiting.source.resume()
    }
  }
}

/** What bodies of a size share. */
interface Share {
  readonly limit: number
  held: number
  bodies: number
  /** The one that may exceed the limit. */
  exceeding: Ticket | undefined
}

class Ticket {
  readonly source: BodySource
  share: Share
  bytes = 0
  isPaused = false
  isComplete = false
  #lookedAt: number
  /** Milliseconds that it may still take without sending anything. */
  #credit = BODY_GRACE_MS
  /** Milliseconds in which it could have come. */
  #age = 0

  constructor(source: BodySource, begunAt: number, share: Share) {
    this.source = source
    this.share = share
    this.#lookedAt = begunAt
  }

  add(bytes: number): void {
    this.bytes += bytes
    this.#credit = Math.min(BODY_GRACE_MS, this.#credit + (bytes / MIN_BODY_BYTES_PER_SECOND) * 1000)
  }

  /** @param isPressed whether others wait for the room that it takes */
  isGivenUp(now: number, isPressed: boolean): boolean {
    if (this.isComplete) return false
    if (now >= this.source.deadline) return true
    if (!this.isPaused) {
      this.#credit -= now - this.#lookedAt
      this.#age += now - this.#lookedAt
    }
    this.#lookedAt = now
    return this.#credit <= 0 || (isPressed && !this.isPaused && this.#age > MAX_PRESSED_BODY_MS)
  }
}
