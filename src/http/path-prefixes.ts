import { createHash, timingSafeEqual } from 'node:crypto'
import type { Stage } from '../review/review.ts'

/** The path of each stage, below its prefix. */
export const STAGE_PATHS: readonly (readonly [path: string, stage: Stage])[] = [
  ['/mutate', 'mutate'],
  ['/validate', 'validate'],
]

/** Where requests for a review go that may not have one: nothing is there. */
const NOWHERE = '/'

/**
 * The prefixes below which reviews are accepted, e.g. `/3f9c…`, or none for `/mutate` itself. One that nobody can guess is
 * a password for an API server that shows no certificate, so it is compared in constant time, and is in no log or error.
 */
export class PathPrefixes {
  /** That nothing comes before a path is no secret, and needs no digest. */
  readonly #acceptsNone: boolean
  readonly #digests: readonly Buffer[]

  constructor(prefixes: readonly string[]) {
    this.#acceptsNone = prefixes.includes('')
    this.#digests = prefixes.filter(prefix => prefix !== '').map(digest)
  }

  /** The URL by which a request is routed: without its prefix where that is accepted, else one that leads nowhere. */
  route(url: string): string {
    const stage = stageAt(url)
    if (stage === undefined || this.#accepts(stage.prefix)) return url.slice(stage?.prefix.length ?? 0)
    return NOWHERE
  }

  #accepts(prefix: string): boolean {
    if (prefix === '') return this.#acceptsNone
    const asked = digest(prefix)
    // Each is compared, so that the time tells nothing of which.
    return this.#digests.filter(accepted => timingSafeEqual(accepted, asked)).length > 0
  }
}

/** Reviews at `/mutate` and `/validate`, as it is without a secret. */
export const NO_PREFIX = new PathPrefixes([''])

/** The stage that a URL asks for, whatever is before it. */
export function stageAt(url: string): { readonly stage: Stage; readonly prefix: string } | undefined {
  const query = url.indexOf('?')
  const path = query === -1 ? url : url.slice(0, query)
  const found = STAGE_PATHS.find(([end]) => path.endsWith(end))
  return found && { stage: found[1], prefix: path.slice(0, -found[0].length) }
}

/** Of one length whatever the prefix has, as the comparison needs it. */
function digest(prefix: string): Buffer {
  return createHash('sha256').update(prefix).digest()
}
