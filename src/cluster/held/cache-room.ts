/** Bytes that the cache may hold of one kind of object. */
export interface RoomLimits {
  readonly perNamespace: number
  readonly total: number
}

/** A store in a room, which it may share with others. */
export interface RoomHolder {
  /** What it holds of each namespace. */
  readonly bytes: ReadonlyMap<string, number>
  /** What it holds of all. */
  readonly totalBytes: number
  /** Gives up objects of a namespace until so many bytes are free, or it has none left. @returns how many it has freed */
  release(namespace: string, bytes: number): number
}

/** Part of the total that is free once room has been made, so that it is not made anew for each object. */
const FREED_PART = 1 / 8

/**
 * Room for what the cache holds, counted in bytes. Each namespace has its share at most; where all of them together have more
 * than the total, those that hold the most give way, down to a level that is the same for all. So what belongs to a namespace
 * that holds little is held, whatever others do.
 */
export class CacheRoom {
  readonly #limits: RoomLimits
  readonly #holders = new Set<RoomHolder>()

  constructor(limits: RoomLimits) {
    this.#limits = limits
  }

  /** A room with the same limits, for a list that is to take the place of what is held here. */
  draft(): CacheRoom {
    return new CacheRoom(this.#limits)
  }

  enter(holder: RoomHolder): void {
    this.#holders.add(holder)
  }

  /** One that has kept to the limits by itself comes in the place of another. Together with others it may not. */
  replace(before: RoomHolder, after: RoomHolder): void {
    this.#holders.delete(before)
    this.#holders.add(after)
    this.#cut(this.#sum(), this.#limits.perNamespace)
    this.makeRoom()
  }

  /** Whether a namespace may hold so many more bytes. */
  has(namespace: string, bytes: number): boolean {
    let held = bytes
    for (const holder of this.#holders) held += holder.bytes.get(namespace) ?? 0
    return held <= this.#limits.perNamespace
  }

  /** Has those give way that hold the most, where all hold more than there is room for: it then looks at every namespace. */
  makeRoom(): void {
    const { perNamespace, total } = this.#limits
    let bytes = 0
    for (const { totalBytes } of this.#holders) bytes += totalBytes
    if (bytes <= total) return
    const held = this.#sum()
    this.#cut(held, Math.min(perNamespace, levelFor(total * (1 - FREED_PART), [...held.values()])))
  }

  #cut(held: ReadonlyMap<string, number>, level: number): void {
    for (const [namespace, bytes] of held) {
      let excess = bytes - level
      for (const holder of this.#holders) if (excess > 0) excess -= holder.release(namespace, excess)
    }
  }

  #sum(): Map<string, number> {
    const sum = new Map<string, number>()
    for (const holder of this.#holders)
      for (const [namespace, bytes] of holder.bytes) sum.set(namespace, (sum.get(namespace) ?? 0) + bytes)
    return sum
  }
}

/** What each may hold for all together to hold so many bytes. */
function levelFor(total: number, held: number[]): number {
  let [left, among] = [total, held.length]
  for (const bytes of held.sort((a, b) => a - b)) {
    if (bytes * among > left) break
    left -= bytes
    among -= 1
  }
  return left / among
}
