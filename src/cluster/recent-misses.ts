import { LRUCache } from 'lru-cache'
import type { Clock } from '../runtime/clock.ts'

/** How long a miss stands. */
const MISS_TTL_MS = 1000
/** Namespaces whose misses are remembered. */
const MAX_MISSED_NAMESPACES = 1000
/** Misses of one namespace that are remembered; the oldest are forgotten first, which costs a read. */
const MAX_MISSES_PER_NAMESPACE = 500
/** Characters of an image name whose misses are remembered. */
const MAX_IMAGE_LENGTH = 512
/** Room for all of them; what was not used the longest is forgotten first. */
const MAX_MISSES_BYTES = 4 * 1024 * 1024
/** What a miss counts for besides the name of its image. */
const MIN_MISS_BYTES = 64

/** By image: when it was missed, by the clock. */
type Misses = ReadonlyMap<string, number>

/**
 * A negative cache: for which images the pull secrets of a namespace were just read in vain, so that Pods that come by the
 * hundred do not turn into load on the API server. Nothing found is ever remembered, so a Secret that is there is never
 * overlooked.
 */
export class NegativeCache {
  readonly #clock: Pick<Clock, 'now'>
  readonly #misses = new LRUCache<string, Misses>({
    max: MAX_MISSED_NAMESPACES,
    maxSize: MAX_MISSES_BYTES,
    sizeCalculation: sizeOf,
  })

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Whether the pull secrets of the namespace were read for this image in vain, less than a second ago. */
  has(namespace: string, image: string): boolean {
    const at = this.#misses.get(namespace)?.get(image)
    return at !== undefined && this.#isFresh(at)
  }

  add(namespace: string, images: readonly string[]): void {
    const now = this.#clock.now()
    const short = images.slice(-MAX_MISSES_PER_NAMESPACE).filter(({ length }) => length <= MAX_IMAGE_LENGTH)
    if (short.length === 0) return
    const known = [...(this.#misses.peek(namespace) ?? [])].filter(([, at]) => this.#isFresh(at))
    const room = MAX_MISSES_PER_NAMESPACE - short.length
    const misses = new Map(room === 0 ? [] : known.slice(-room))
    for (const image of short) misses.set(image, now)
    this.#misses.set(namespace, misses)
  }

  /** Something changed among the pull secrets of this namespace: what was in vain may not be now. */
  forget(namespace: string): void {
    this.#misses.delete(namespace)
  }

  /** Anything may have changed. */
  forgetAll(): void {
    this.#misses.clear()
  }

  #isFresh(at: number): boolean {
    return this.#clock.now() - at < MISS_TTL_MS
  }
}

function sizeOf(misses: Misses): number {
  let size = MIN_MISS_BYTES
  for (const image of misses.keys()) size += MIN_MISS_BYTES + 2 * image.length
  return size
}
