import { present } from './present.ts'
import { noRoom, Waiting } from './semaphore.ts'

/** Steps of a key that are forgiven in a millisecond: a quarter of what a core takes. */
const MAX_FORGIVEN_STEPS = 5000
/** Steps that a key may owe before it waits for others: about a fifth of a second, or a thousand ordinary reviews. */
const MAX_OWED_STEPS = 4_000_000
/** Steps that are let in at one turn of the event loop, of all keys: 20 ms, after which connections and health are looked at again. */
const MAX_TURN_STEPS = 400_000
/** What a place of a key of which nothing is known is taken to need. */
const MIN_USUAL_STEPS = 4000
/** Steps in a millisecond: so long others have the thread for themselves after those of a key that owes too much. */
const MILLISECOND_STEPS = 20_000
/** The longest that they have it for. */
const MAX_PAUSE_MS = 50
/** Steps that all that waits for a key may take, as it usually does: a second, or two while others are there. */
const MAX_WAITING_STEPS = 20_000_000
/** Bytes of all that waits; what is held meanwhile is a few times as much. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024
/** Keys that something is known of. */
const MAX_KEYS = 10_000

/** A place that is held. */
export interface Place {
  /** Tells how many steps its holder has taken so far, in all. */
  charge(steps: number): void
  /** Gives the place back; to be called once. */
  release(): void
}

/** What is known of a key. */
interface Share {
  /** When all its steps are forgiven, on the clock: so they are compared, whatever the time is. */
  forgivenAt: number
  /** What one of its places takes, of late. */
  usualSteps: number
  /** The oldest first. */
  readonly waiting: Set<Waiting>
  waitingBytes: number
}

/**
 * A semaphore whose places are shared between keys by the work that is done for them: on one thread whoever works keeps all
 * others waiting.
 *
 * | what was done for its key | whoever asks for a place                                                     |
 * | ------------------------- | ---------------------------------------------------------------------------- |
 * | little, or not lately     | has it at once, if one is free                                               |
 * | more than it may owe      | waits; of all that do one is let in at a time, whose key owes the least      |
 * | anything, and much was done for others at this turn of the event loop | waits for the next; whose key owes the least goes first |
 *
 * So whatever comes meanwhile for other keys goes first, however much waits; and after each that had to wait others have the
 * thread for as long as it took. Who would wait for long is turned away at once, so that nobody waits for him elsewhere. Where too much
 * waits, the key of which most does loses its youngest.
 */
export class FairSemaphore {
  readonly #clock: () => number
  readonly #shares = new Map<string, Share>()
  /** Those for which something waits. */
  readonly #waiting = new Set<Share>()
  #waitingBytes = 0
  #free: number
  /** Steps since the last turn of those that owe too much. */
  #stepsOfTurn = 0
  #hasNextTurn = false
  /** Steps at this turn of the event loop, of all keys. */
  #stepsNow = 0

  /**
   * @param limit places
   * @param clock monotonic milliseconds
   */
  constructor(limit: number, clock: () => number = () => performance.now()) {
    this.#free = limit
    this.#clock = clock
  }

  /**
   * @param bytes that are held while it waits
   * @param deadline milliseconds on the clock
   * @throws {AcquireTimeoutError} at the deadline, or at once where too much waits
   */
  async acquire(key: string, bytes: number, deadline: number): Promise<Place> {
    const share = this.#shareOf(key)
    if (this.#free > 0 && this.#stepsNow < MAX_TURN_STEPS && !this.#owesTooMuch(share)) this.#free -= 1
    else await this.#wait(share, bytes, deadline)
    let charged = 0
    return {
      charge: steps => {
        if (this.#owesTooMuch(share)) this.#stepsOfTurn += steps - charged
        this.#countNow(steps - charged)
        share.forgivenAt = Math.max(share.forgivenAt, this.#clock()) + (steps - charged) / MAX_FORGIVEN_STEPS
        charged = steps
      },
      release: () => {
        share.usualSteps = (3 * share.usualSteps + charged) / 4
        this.#free += 1
        this.#wakeUp()
      },
    }
  }

  #countNow(steps: number): void {
    if (this.#stepsNow === 0 && steps > 0) setImmediate(() => (this.#stepsNow = 0))
    this.#stepsNow += steps
  }

  #owesTooMuch({ forgivenAt }: Share): boolean {
    return forgivenAt - this.#clock() > MAX_OWED_STEPS / MAX_FORGIVEN_STEPS
  }

  #wait(share: Share, bytes: number, deadline: number): Promise<void> {
    if (share.waiting.size * share.usualSteps > MAX_WAITING_STEPS) return Promise.reject(noRoom())
    const waiting = new Waiting(deadline, this.#clock, () => {
      share.waiting.delete(waiting)
      if (share.waiting.size === 0) this.#waiting.delete(share)
      this.#hold(share, -bytes)
    })
    share.waiting.add(waiting)
    this.#waiting.add(share)
    this.#hold(share, bytes)
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#turnYoungestAway()
    this.#wakeUp()
    return waiting.turn
  }

  #hold(share: Share, bytes: number): void {
    share.waitingBytes += bytes
    this.#waitingBytes += bytes
  }

  /** Not before the next turn of the event loop, in which goes first whatever has come by then. */
  #wakeUp(): void {
    if (this.#hasNextTurn || this.#waiting.size === 0 || this.#free === 0) return
    this.#hasNextTurn = true
    const take = () => {
      this.#stepsOfTurn = 0
      this.#admitNext()
      // By then what was let in is charged.
      setImmediate(() => {
        this.#hasNextTurn = false
        this.#wakeUp()
      })
    }
    const pause = Math.min(MAX_PAUSE_MS, Math.floor(this.#stepsOfTurn / MILLISECOND_STEPS))
    if (pause === 0) setImmediate(take)
    else setTimeout(take, pause)
  }

  /** Those that owe little, as far as a turn goes, or one that owes too much. */
  #admitNext(): void {
    for (let steps = 0; steps < MAX_TURN_STEPS && this.#free > 0; ) {
      const share = least(this.#waiting, ({ forgivenAt }) => forgivenAt)
      // Whoever waited may have given up meanwhile.
      if (share === undefined) return
      const owesTooMuch = this.#owesTooMuch(share)
      if (owesTooMuch && steps > 0) return
      const oldest = present(share.waiting.values().next().value)
      if (oldest.isLate) oldest.turnAway()
      else {
        this.#free -= 1
        oldest.admit()
        if (owesTooMuch) return
        steps += Math.max(MIN_USUAL_STEPS, share.usualSteps)
      }
    }
  }

  #turnYoungestAway(): void {
    const { waiting } = present(least(this.#waiting, ({ waitingBytes }) => -waitingBytes))
    present([...waiting].at(-1)).turnAway()
  }

  #shareOf(key: string): Share {
    const known = this.#shares.get(key)
    if (known !== undefined) return known
    if (this.#shares.size >= MAX_KEYS) this.#forget()
    const share = { forgivenAt: 0, usualSteps: 0, waiting: new Set<Waiting>(), waitingBytes: 0 }
    this.#shares.set(key, share)
    return share
  }

  /** Those that owe nothing, or else the one that has been known the longest. */
  #forget(): void {
    const now = this.#clock()
    for (const [key, { forgivenAt }] of this.#shares) if (forgivenAt <= now) this.#shares.delete(key)
    const [oldest = ''] = this.#shares.keys()
    if (this.#shares.size >= MAX_KEYS) this.#shares.delete(oldest)
  }
}

function least<T>(all: Iterable<T>, by: (one: T) => number): T | undefined {
  let least: T | undefined
  for (const one of all) if (least === undefined || by(one) < by(least)) least = one
  return least
}
