import { memoize } from '../../runtime/memoize.ts'
import { present } from '../../runtime/present.ts'
import { decodeUtf8 } from './utf8.ts'

/** Whether one dot-separated part of an image's host matches. */
export type PartMatcher = (part: string) => boolean

/** Whether a host holds anything but literal characters. Of Go's four, a URL's host can hold these two alone. */
export function isGlob(host: string): boolean {
  return host.includes('*') || host.includes('[')
}

/** Parts of which the matcher is remembered, in each of two generations: `*` and `com` stand in most keys. */
const MAX_MEMOIZED_PARTS = 2000
/** About what a matcher takes in memory. */
const MATCHER_BYTES = 300

/**
 * Prepares one dot-separated part of a docker config key's host: `*` is any run of characters, `[…]` (which a URL allows
 * at the start of an IPv6 address only) one of a set. A malformed pattern matches nothing. The part is bytes, as a
 * Location holds them, and what it is matched with is ASCII.
 *
 * @see path/filepath of Go 1.26, Match
 */
export const compilePart: (pattern: string) => PartMatcher = memoize(
  pattern => (pattern.startsWith('[') ? compileSet(pattern) : compileStars(pattern)),
  MAX_MEMOIZED_PARTS,
  () => MATCHER_BYTES,
)

/** Prepares a pattern in which only `*` is special. Chunk by chunk from the left, without ever going back. */
export function compileStars(pattern: string): PartMatcher {
  const [first = '', ...chunks] = pattern.split('*')
  const last = chunks.pop()
  if (last === undefined) return part => part === first
  const inner = chunks.filter(chunk => chunk !== '')
  return part => {
    if (!part.startsWith(first) || !part.endsWith(last)) return false
    let at = first.length
    for (const chunk of inner) {
      const found = part.indexOf(chunk, at)
      if (found < 0) return false
      at = found + chunk.length
    }
    return at + last.length <= part.length
  }
}

function compileSet(pattern: string): PartMatcher {
  const text = decodeUtf8(pattern)
  const item = /([^\]-])(?:-([^\]-]))?/uy
  const ranges: [low: number, high: number][] = []
  let at = 1
  for (;;) {
    item.lastIndex = at
    const [found, low = '', high = low] = item.exec(text) ?? []
    if (found === undefined) break
    ranges.push([codePoint(low), codePoint(high)])
    at += found.length
  }
  if (text[at] !== ']') return never
  const matchesRest = compileStars(text.slice(at + 1))
  return part => {
    const character = part.charCodeAt(0)
    return ranges.some(([low, high]) => low <= character && character <= high) && matchesRest(part.slice(1))
  }
}

function never(): boolean {
  return false
}

function codePoint(character: string): number {
  return present(character.codePointAt(0))
}
