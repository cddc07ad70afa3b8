/** How long a read in vain stands, in milliseconds. */
const WINDOW = 1000
/** The most namespaces that are remembered; past that all are forgotten, which costs a read each. */
const MOST_NAMESPACES = 10_000

/**
 * Remembers for which images the pull secrets of a namespace were just read, so that Pods that come by the hundred do not
 * turn into load on the API server. Nothing found is ever remembered, so a Secret that is there is never overlooked.
 */
export class FruitlessReads {
  readonly #byNamespace = new Map<string, Map<string, number>>()

  /** Whether the namespace was read for this image less than a second before `now` (milliseconds). */
  isRecent(namespace: string, image: string, now: number): boolean {
    const at = this.#byNamespace.get(namespace)?.get(image)
    // A clock that was set back must not make a read of the past one of the future.
    return at !== undefined && now >= at && now - at < WINDOW
  }

  note(namespace: string, inVain: readonly string[], now: number): void {
    if (this.#byNamespace.size >= MOST_NAMESPACES) this.#byNamespace.clear()
    const images = this.#byNamespace.get(namespace) ?? new Map<string, number>()
    for (const [old, at] of images) if (now < at || now - at >= WINDOW) images.delete(old)
    for (const image of inVain) images.set(image, now)
    this.#byNamespace.set(namespace, images)
  }

  /** Something changed among the pull secrets of this namespace: what was in vain may not be now. */
  forget(namespace: string): void {
    this.#byNamespace.delete(namespace)
  }

  /** Anything may have changed. */
  forgetAll(): void {
    this.#byNamespace.clear()
  }
}
