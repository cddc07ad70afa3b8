import type { CacheRoom, RoomHolder } from './cache-room.ts'

/** How objects of a kind are held. */
export interface Holding<T> {
  readonly room: CacheRoom
  /** About what one takes in memory. */
  readonly bytesOf: (value: T) => number
  /** Told once of each namespace of which not everything is held any more. */
  readonly onPartial: (namespace: string) => void
}

/** A place in the maps, with its name. */
const PLACE_BYTES = 160

/**
 * Objects by namespace and name, as far as there is room for them. Of a namespace in which some are not held nobody can say
 * that one is absent. The namespace of an object that has none goes by its name.
 */
export class HeldObjects<T> implements RoomHolder {
  readonly #holding: Holding<T>
  #room: CacheRoom
  readonly #onRelease: (namespace: string, name: string) => void
  readonly #objects = new Map<string, Map<string, T>>()
  readonly #bytes = new Map<string, number>()
  readonly #partial = new Set<string>()
  #totalBytes = 0
  #size = 0

  /** @param onRelease told of each that is given up */
  constructor(holding: Holding<T>, onRelease: (namespace: string, name: string) => void) {
    this.#holding = holding
    this.#onRelease = onRelease
    this.#room = holding.room
    this.#room.enter(this)
  }

  get size(): number {
    return this.#size
  }

  get bytes(): ReadonlyMap<string, number> {
    return this.#bytes
  }

  get totalBytes(): number {
    return this.#totalBytes
  }

  /** Namespaces of which not everything is held. */
  get partial(): ReadonlySet<string> {
    return this.#partial
  }

  in(namespace: string): ReadonlyMap<string, T> | undefined {
    return this.#objects.get(namespace)
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(namespace)?.get(name)
  }

  isPartial(namespace: string, name: string): boolean {
    return this.#partial.has(namespace || name)
  }

  put(namespace: string, name: string, value: T): void {
    const owner = namespace || name
    const before = this.get(namespace, name)
    const bytes = this.#bytesOf(name, value) - (before === undefined ? 0 : this.#bytesOf(name, before))
    if (!this.#room.has(owner, bytes)) {
      this.remove(namespace, name)
      this.#markPartial(owner)
      return
    }
    const named = this.#objects.get(namespace) ?? new Map<string, T>()
    this.#objects.set(namespace, named)
    named.set(name, value)
    this.#count(owner, bytes, before === undefined ? 1 : 0)
    this.#room.makeRoom()
  }

  remove(namespace: string, name: string): boolean {
    const named = this.#objects.get(namespace)
    const value = named?.get(name)
    if (named === undefined || value === undefined) return false
    named.delete(name)
    if (named.size === 0) this.#objects.delete(namespace)
    this.#count(namespace || name, -this.#bytesOf(name, value), -1)
    return true
  }

  /** Goes into the room of others in their place. */
  takePlaceOf(others: HeldObjects<T>): void {
    this.#room = others.#room
    this.#room.replace(others, this)
  }

  release(owner: string, bytes: number): number {
    const before = this.#totalBytes
    for (const [namespace, name] of this.#of(owner)) {
      if (before - this.#totalBytes >= bytes) break
      this.remove(namespace, name)
      this.#markPartial(owner)
      this.#onRelease(namespace, name)
    }
    return before - this.#totalBytes
  }

  #of(owner: string): [namespace: string, name: string][] {
    const named = [...(this.#objects.get(owner)?.keys() ?? [])].map((name): [string, string] => [owner, name])
    return this.get('', owner) === undefined ? named : [...named, ['', owner]]
  }

  #bytesOf(name: string, value: T): number {
    return PLACE_BYTES + 2 * name.length + this.#holding.bytesOf(value)
  }

  #count(owner: string, bytes: number, objects: number): void {
    const held = (this.#bytes.get(owner) ?? 0) + bytes
    if (held > 0) this.#bytes.set(owner, held)
    else this.#bytes.delete(owner)
    this.#totalBytes += bytes
    this.#size += objects
  }

  #markPartial(owner: string): void {
    if (this.#partial.has(owner)) return
    this.#partial.add(owner)
    this.#holding.onPartial(owner)
  }
}
