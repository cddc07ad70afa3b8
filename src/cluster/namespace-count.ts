/** How much of something is under way, in each namespace and in all. */
export class NamespaceCount {
  readonly #counts = new Map<string, number>()
  #all = 0

  get all(): number {
    return this.#all
  }

  of(namespace: string): number {
    return this.#counts.get(namespace) ?? 0
  }

  /** Counts while something is done. */
  async during<T>(namespace: string, work: () => Promise<T>): Promise<T> {
    this.#add(namespace, 1)
    try {
      return await work()
    } finally {
      this.#add(namespace, -1)
    }
  }

  #add(namespace: string, difference: number): void {
    this.#all += difference
    const count = this.of(namespace) + difference
    if (count === 0) this.#counts.delete(namespace)
    else this.#counts.set(namespace, count)
  }
}
