import type { Clock } from '../runtime/clock.ts'

/** How long a miss stands. */
const MISS_TTL_MS = 1000
/** Misses that are remembered; past that all are forgotten, which costs a read each. */
const MAX_MISSES = 10_000
/** Characters of an image name whose misses are remembered. */
const MAX_IMAGE_LENGTH = 512

/**
 * A negative cache: for which images the pull secrets of a namespace were just read in vain, so that Pods that come by the
 * hundred do not turn into load on the API server. Nothing found is ever remembered, so a Secret that is there is never
 * overlooked.
 */
export class NegativeCache {
  readonly #clock: Pick<Clock, 'now'>
  /** By namespace and image: when it was missed, by the clock. */
  #misses = new Map<string, Map<string, number>>()
  #size = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Whether the pull secrets of the namespace were read for this image in vain, less than a second ago. */
  has(namespace: string, image: string): boolean {
    const at = this.#misses.get(namespace)?.get(image)
    return at !== undefined && this.#clock.now() - at < MISS_TTL_MS
  }

  add(namespace: string, images: readonly string[]): void {
    const now = this.#clock.now()
    const misses = new Map(this.#misses.get(namespace))
    this.forget(namespace)
    for (const [image, at] of misses) if (now - at >= MISS_TTL_MS) misses.delete(image)
    for (const image of images.slice(0, MAX_MISSES)) if (image.length <= MAX_IMAGE_LENGTH) misses.set(image, now)
    if (this.#size + misses.size > MAX_MISSES) this.forgetAll()
    this.#misses.set(namespace, misses)
    this.#size += misses.size
  }

  /** Something changed among the pull secrets of this namespace: what was in vain may not be now. */
  forget(namespace: string): void {
    this.#size -= this.#misses.get(namespace)?.size ?? 0
    this.#misses.delete(namespace)
  }

  /** Anything may have changed. */
  forgetAll(): void {
    this.#misses = new Map()
    this.#size = 0
  }
}
