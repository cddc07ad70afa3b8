import type { ReflectorStore, Replacement } from '../kube/reflector-store.ts'
import { ABSENT, type Known, UNKNOWN } from '../policy/known.ts'
import { Interner } from './intern.ts'

/** Told of what changes. */
export interface ChangeListener {
  changed(namespace: string, name: string): void
  /** Anything may have. */
  replaced(): void
}

type Namespaced<T> = Map<string, Map<string, T>>

/** The store of one reflector, by namespace and name. Until the first list is complete, what it does not have is unknown. */
export class ObjectStore<T> implements ReflectorStore<T> {
  readonly #listener: ChangeListener
  #objects: Namespaced<T> = new Map()
  #size = 0
  #complete = false

  constructor(listener: ChangeListener) {
    this.#listener = listener
  }

  get size(): number {
    return this.#size
  }

  get(namespace: string, name: string): Known<T> {
    const value = this.#objects.get(namespace)?.get(name)
    if (value !== undefined) return { state: 'value', value }
    return this.#complete ? ABSENT : UNKNOWN
  }

  /** Whether there is anything in this namespace. */
  has(namespace: string): boolean {
    return this.#objects.has(namespace)
  }

  names(namespace: string): Iterable<string> {
    return this.#objects.get(namespace)?.keys() ?? []
  }

  replace(): Replacement<T> {
    const objects: Namespaced<T> = new Map()
    const shared = new Interner<T>()
    let size = 0
    return {
      add: (namespace, name, value) => {
        size += put(objects, namespace, name, shared.share(value)) ? 1 : 0
      },
      commit: () => {
        this.#objects = objects
        this.#size = size
        this.#complete = true
        this.#listener.replaced()
      },
    }
  }

  put(namespace: string, name: string, value: T): void {
    if (put(this.#objects, namespace, name, value)) this.#size += 1
    this.#listener.changed(namespace, name)
  }

  remove(namespace: string, name: string): void {
    const objects = this.#objects.get(namespace)
    if (!objects?.delete(name)) return
    this.#size -= 1
    if (objects.size === 0) this.#objects.delete(namespace)
    this.#listener.changed(namespace, name)
  }
}

/** @returns whether it was not there before */
function put<T>(objects: Namespaced<T>, namespace: string, name: string, value: T): boolean {
  const named = objects.get(namespace) ?? new Map<string, T>()
  objects.set(namespace, named)
  const isNew = !named.has(name)
  named.set(name, value)
  return isNew
}
