/** Where followed objects go. The namespace of an object that has none is empty. */
export interface ReflectorStore<T> {
  /** Begins a new list. It takes the place of all that is held, at once, when it is committed. */
  replace(): Replacement<T>
  put(namespace: string, name: string, value: T): void
  remove(namespace: string, name: string): void
}

export interface Replacement<T> {
  add(namespace: string, name: string, value: T): void
  commit(): void
}
