import type { Clock } from '../runtime/clock.ts'

/** Time for which a loss is remembered, and for up to twice that. */
const MIN_REMEMBERED_MS = 5000
/** Namespaces of one generation; past it every namespace counts until the next. */
const MAX_NAMESPACES = 10_000

/**
 * The namespaces that have lost a pull secret a moment ago: it was deleted or is another one now. Whoever replaces a Secret deletes it and
 * makes it again, so what the cache says of such a namespace may be about to change.
 */
export class RecentLosses {
  readonly #clock: Clock
  #young = new Generation()
  #old = new Generation()
  #began: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#began = clock.now()
  }

  /** @param namespace every one, if this is not given */
  note(namespace?: string): void {
    this.#turn()
    this.#young.add(namespace)
  }

  has(namespace: string): boolean {
    this.#turn()
    return this.#young.has(namespace) || this.#old.has(namespace)
  }

  #turn(): void {
    const age = this.#clock.now() - this.#began
    if (age < MIN_REMEMBERED_MS) return
    this.#old = age < 2 * MIN_REMEMBERED_MS ? this.#young : new Generation()
    this.#young = new Generation()
    this.#began = this.#clock.now()
  }
}

class Generation {
  readonly #namespaces = new Set<string>()
  #isEvery = false

  add(namespace: string | undefined): void {
    if (namespace === undefined || this.#namespaces.size >= MAX_NAMESPACES) this.#isEvery = true
    else this.#namespaces.add(namespace)
  }

  has(namespace: string): boolean {
    return this.#isEvery || this.#namespaces.has(namespace)
  }
}
