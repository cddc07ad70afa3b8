import { AWAKE, type Clock } from '../runtime/clock.ts'
import { NamespaceShare, type WaitingRead } from './namespace-share.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { ReadRoom, type ReadSize } from './read-room.ts'

/** The place of a read in the queue. */
export interface Place {
  /** Resolves to true when the read may begin, and to false if it may not: too many wait, or the API server asked for time. */
  readonly turn: Promise<boolean>
  /** A person waits for it as well. */
  hurry(): void
  /** It has ended, or nobody waits for it any more. To be called once. @param bytes that it has received */
  leave(bytes: number): void
}

/** Reads of one namespace that wait; past that its youngest is turned away. */
const MAX_WAITING_READS_PER_NAMESPACE = 250
/** Reads that wait; past that the youngest of the namespace with the most is turned away. */
const MAX_WAITING_READS = 1000
/** Namespaces that are remembered: more than can have a read that waits or is under way. */
const MAX_NAMESPACES = 2000
/** What a read may receive for its own turn; each further time costs one more. */
const MAX_TURN_BYTES = 64 * 1024
/** Turns in a row for people, after which controllers have one. */
const MAX_TURNS_FOR_PEOPLE = 3

/**
 * A fair queue in front of the API server: deficit round robin over namespaces, at the pace of the rate limiter.
 *
 * | whose turn it is, in this order | |
 * | --- | --- |
 * | a namespace that had none lately | its first read |
 * | the others in turn | the oldest read for which there is room, or a turn paid of what it owes |
 *
 * A read that receives more than 64 KiB has had turns in advance, and its namespace owes them. At each turn reads for people
 * go first, of whatever namespace; every fourth is for controllers, and a quarter of the room is for people alone.
 */
export class FairQueue {
  readonly #clock: Clock
  readonly #limiter: RateLimiter
  readonly #shares = new Map<string, NamespaceShare>()
  /** Those that have not had a turn since they came. */
  readonly #fresh = new Set<NamespaceShare>()
  /** The others; whose turn comes next is in front. */
  readonly #ring = new Set<NamespaceShare>()
  readonly #room = ReadRoom.ofAll()
  #waiting = 0
  #turnsForPeople = 0
  #wakeUp: AbortController | undefined

  constructor(limiter: RateLimiter, clock: Clock) {
    this.#limiter = limiter
    this.#clock = clock
  }

  enter(namespace: string, size: ReadSize, forPerson: boolean): Place {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const share = this.#shareOf(namespace)
    let state: 'waiting' | 'begun' | 'turnedAway' = 'waiting'
    const read: WaitingRead = {
      size,
      admit: isTurn => {
        state = isTurn ? 'begun' : 'turnedAway'
        this.#waiting -= 1
        resolve(isTurn)
      },
    }
    share.push(read, forPerson)
    this.#waiting += 1
    if (this.#limiter.isPaused || share.waiting > MAX_WAITING_READS_PER_NAMESPACE) turnAwayYoungest(share)
    else if (this.#waiting > MAX_WAITING_READS) turnAwayYoungest(this.#longest())
    this.#deal()
    return {
      turn: promise,
      hurry: () => share.hurry(read),
      leave: bytes => {
        if (state === 'waiting') {
          share.remove(read)
          read.admit(false)
          this.#deal()
        } else if (state === 'begun') this.#end(share, read, bytes)
      },
    }
  }

  /** The API server asks for time: whoever waits is turned away, as nothing would begin before he has gone. */
  pause(milliseconds: number): void {
    this.#limiter.pause(milliseconds)
    if (!this.#limiter.isPaused) return
    for (const share of this.#shares.values()) while (share.waiting > 0) turnAwayYoungest(share)
  }

  #end(share: NamespaceShare, read: WaitingRead, bytes: number): void {
    share.end(read, this.#room, Math.floor(bytes / MAX_TURN_BYTES))
    this.#deal()
  }

  /** Gives out turns for as long as there are any. */
  #deal(): void {
    this.#forgive(this.#limiter.refill())
    while (this.#waiting > 0 && this.#limiter.wait === 0) if (!this.#dealOne()) return
    if (this.#waiting > 0) this.#dealLater()
    else this.#sleepNoLonger()
  }

  /** @returns false if nobody can do anything with a turn: whoever ends a read asks again */
  #dealOne(): boolean {
    const forControllers = this.#turnsForPeople >= MAX_TURNS_FOR_PEOPLE
    return this.#dealTo(!forControllers) || this.#dealTo(forControllers)
  }

  #dealTo(people: boolean): boolean {
    for (const share of this.#inTurn()) {
      const pays = share.isIndebted && share.hasTurn(people)
      const read = share.isIndebted ? undefined : share.begin(people, this.#room)
      if (read === undefined && !pays) continue
      this.#limiter.tryAccept()
      this.#turnsForPeople = people ? this.#turnsForPeople + 1 : 0
      this.#fresh.delete(share)
      this.#ring.delete(share)
      this.#ring.add(share)
      if (read === undefined) share.pay(1)
      else read.admit(true)
      return true
    }
    return false
  }

  /** Those of which there is nothing to remember are forgotten when their turn comes. */
  *#inTurn(): Generator<NamespaceShare> {
    for (const shares of [this.#fresh, this.#ring]) {
      for (const share of shares) {
        if (share.isAtRest && !share.isIndebted) this.#forget(share)
        else yield share
      }
    }
  }

  #dealLater(): void {
    if (this.#wakeUp !== undefined) return
    const wakeUp = new AbortController()
    this.#wakeUp = wakeUp
    void this.#clock.sleep(this.#limiter.wait, wakeUp.signal).then(() => {
      if (wakeUp.signal.aborted) return
      this.#wakeUp = undefined
      this.#deal()
    })
  }

  #sleepNoLonger(): void {
    this.#wakeUp?.abort(AWAKE)
    this.#wakeUp = undefined
  }

  /** Tokens that came while nobody wanted any pay what is owed, as turns would have. */
  #forgive(tokens: number): void {
    let left = tokens
    for (const share of this.#shares.values()) {
      if (left <= 0) return
      left = share.pay(left)
    }
  }

  #shareOf(namespace: string): NamespaceShare {
    const known = this.#shares.get(namespace)
    if (known !== undefined) return known
    if (this.#shares.size >= MAX_NAMESPACES) this.#forgetOne()
    const share = new NamespaceShare(namespace)
    this.#shares.set(namespace, share)
    this.#fresh.add(share)
    return share
  }

  /** There is always one, and be it one that owes: fewer than are remembered can wait or be under way. */
  #forgetOne(): void {
    const atRest = [...this.#shares.values()].find(share => share.isAtRest)
    if (atRest !== undefined) this.#forget(atRest)
  }

  #forget(share: NamespaceShare): void {
    this.#shares.delete(share.name)
    this.#fresh.delete(share)
    this.#ring.delete(share)
  }

  #longest(): NamespaceShare {
    return [...this.#shares.values()].reduce((longest, share) => (share.waiting > longest.waiting ? share : longest))
  }
}

function turnAwayYoungest(share: NamespaceShare): void {
  share.removeYoungest()?.admit(false)
}
