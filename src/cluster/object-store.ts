import { isDeepStrictEqual } from 'node:util'
import type { ReflectorStore, Replacement } from '../kube/reflector-store.ts'
import { ABSENT, type Known, UNKNOWN } from '../policy/known.ts'
import { HeldObjects, type Holding } from './held/held-objects.ts'
import { Interner } from './held/intern.ts'

/** Told of what changes. */
export interface ChangeListener {
  changed(namespace: string, name: string): void
  /** Besides, where it was held before: it is gone, or another one now. In any namespace, if none is given. */
  lost?(namespace?: string): void
  /** Anything may have. */
  replaced(): void
}

/**
 * The store of one reflector, by namespace and name. Until the first list is complete, what it does not have is unknown; so it
 * is in a namespace of which there was no room for everything, until the next list.
 */
export class ObjectStore<T> implements ReflectorStore<T> {
  readonly #listener: ChangeListener
  readonly #holding: Holding<T>
  #objects: HeldObjects<T>
  #complete = false

  constructor(listener: ChangeListener, holding: Holding<T>) {
    this.#listener = listener
    this.#holding = holding
    this.#objects = this.#hold(holding)
  }

  get size(): number {
    return this.#objects.size
  }

  /** Bytes that are held, about. */
  get bytes(): number {
    return this.#objects.totalBytes
  }

  /** Namespaces of which not everything is held. */
  get partialNamespaces(): number {
    return this.#objects.partial.size
  }

  get(namespace: string, name: string): Known<T> {
    const value = this.#objects.get(namespace, name)
    if (value !== undefined) return { state: 'value', value }
    return this.#complete && !this.#objects.isPartial(namespace, name) ? ABSENT : UNKNOWN
  }

  /** Whether there is anything in this namespace. */
  has(namespace: string): boolean {
    return this.#objects.in(namespace) !== undefined
  }

  names(namespace: string): Iterable<string> {
    return this.#objects.in(namespace)?.keys() ?? []
  }

  /** What is in the list as it was is kept as it is, and not a second time beside it. */
  replace(): Replacement<T> {
    const objects = this.#hold({ ...this.#holding, room: this.#holding.room.draft() })
    const shared = new Interner<T>()
    return {
      add: (namespace, name, value) => {
        const before = this.#objects.get(namespace, name)
        objects.put(namespace, name, isDeepStrictEqual(before, value) && before ? before : shared.share(value))
      },
      commit: () => {
        const before = this.#objects
        const wasComplete = this.#complete
        this.#objects = objects
        this.#complete = true
        objects.takePlaceOf(before)
        this.#listener.replaced()
        if (wasComplete) this.#listener.lost?.()
      },
    }
  }

  put(namespace: string, name: string, value: T): void {
    const wasHeld = this.#objects.get(namespace, name) !== undefined
    this.#objects.put(namespace, name, value)
    this.#listener.changed(namespace, name)
    if (wasHeld) this.#listener.lost?.(namespace)
  }

  remove(namespace: string, name: string): void {
    const isHeld = this.#objects.remove(namespace, name)
    if (!isHeld && !this.#objects.isPartial(namespace, name)) return
    this.#listener.changed(namespace, name)
    this.#listener.lost?.(namespace)
  }

  #hold(holding: Holding<T>): HeldObjects<T> {
    const objects: HeldObjects<T> = new HeldObjects(holding, (namespace, name) => {
      if (objects === this.#objects) this.#listener.changed(namespace, name)
    })
    return objects
  }
}
