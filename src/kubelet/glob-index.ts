import { memoize } from '../runtime/memoize.ts'
import { isGlob } from './go/glob.ts'
import type { Key, Target } from './key.ts'

/** What of a host with globs is literal. */
export interface GlobShape {
  /** Its port, how many parts it has, and its parts after the last glob. */
  readonly bucket: string
  /** How many parts those are. */
  readonly depth: number
}

/** The shape of a key's host; it is made once for a key, and kept. */
export function shapeOf({ host, port }: Pick<Key, 'host' | 'port'>): GlobShape {
  const parts = host.split('.')
  const depth = parts.length - 1 - parts.findLastIndex(isGlob)
  return { bucket: kept(bucketOf(port, parts, depth)).bucket, depth }
}

/** Buckets that stand in memory once, in each of two generations, for many keys. */
const MAX_MEMOIZED_BUCKETS = 2000

const kept = memoize(bucket => ({ bucket }), MAX_MEMOIZED_BUCKETS)

/** Entries by the shape of their hosts, so that `*.example.com` is not tried for an image of `quay.io`. */
export class GlobIndex<T> {
  readonly #buckets = new Map<string, T[]>()
  /** Depths that there are. */
  readonly #depths = new Set<number>()

  add({ bucket, depth }: GlobShape, value: T): void {
    this.#depths.add(depth)
    const neighbours = this.#buckets.get(bucket)
    if (neighbours === undefined) this.#buckets.set(bucket, [value])
    else neighbours.push(value)
  }

  /** Those that may match, list by list; whether one does its own globs say. */
  candidates({ port, parts }: Pick<Target, 'port' | 'parts'>): readonly (readonly T[])[] {
    const lists: T[][] = []
    for (const depth of this.#depths) {
      const list = depth < parts.length ? this.#buckets.get(bucketOf(port, parts, depth)) : undefined
      if (list !== undefined) lists.push(list)
    }
    return lists
  }
}

function bucketOf(port: string, parts: readonly string[], depth: number): string {
  return `${port} ${parts.length} ${parts.slice(parts.length - depth).join('.')}`
}
