import type { Entry } from './entry.ts'
import { isGlob } from './go/glob.ts'
import { parseKey } from './key.ts'

/**
 * Compares how closely two entries describe what they cover: by the parts of their paths, then the parts of their hosts
 * without globs, then the lengths of their paths. Positive if the first is the more specific; 0 if neither is.
 */
export function compareSpecificity(a: Entry, b: Entry): number {
  const first = measure(a.key)
  const second = measure(b.key)
  return first.segments - second.segments || first.literals - second.literals || first.length - second.length
}

/** Whether a key of a docker config narrows down what it covers by a path, as `ghcr.io/acme` does and `ghcr.io` does not. */
export function hasPath(key: string): boolean {
  return measure(key).segments > 0
}

function measure(key: string): { segments: number; literals: number; length: number } {
  const { host, path } = parseKey(key) ?? { host: '', path: '' }
  return {
    segments: path.split('/').filter(segment => segment !== '').length,
    literals: host.split('.').filter(part => !isGlob(part)).length,
    length: path.length,
  }
}
