/** The store that a reflector fills, by namespace and name. The namespace of an object that has none is empty. */
export interface ReflectorStore<T> {
  /** Begins a new list, which replaces the whole content of the store at once when it is committed. */
  replace(): Replacement<T>
  put(namespace: string, name: string, value: T): void
  remove(namespace: string, name: string): void
}

/** A list that is still being received. */
export interface Replacement<T> {
  add(namespace: string, name: string, value: T): void
  commit(): void
}
