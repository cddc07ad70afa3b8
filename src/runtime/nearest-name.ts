import leven from 'leven'

interface NearestOptions {
  /** How many letters it may differ by (Levenshtein distance). */
  readonly limit: number
  readonly ignoreCase?: boolean
}

/**
 * The candidate that differs least from a name; of two that differ as much, the first by name. Undefined if none differs by
 * at most `limit`, and by less than the whole name. The name itself is no candidate.
 */
export function nearestName(name: string, candidates: Iterable<string>, options: NearestOptions): string | undefined {
  return nearestOf(name, candidates, options)?.name
}

/** The same, and whether it is the only one that differs by so little. */
export function nearestOf(
  name: string,
  candidates: Iterable<string>,
  { limit, ignoreCase = false }: NearestOptions,
): { readonly name: string; readonly isOnly: boolean } | undefined {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  const wanted = fold(name)
  const tooFar = Math.min(limit + 1, name.length)
  let nearest: string | undefined
  let distance = tooFar
  let isOnly = true
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > limit) continue
    const found = leven(wanted, fold(candidate), { maxDistance: limit + 1 })
    if (found >= tooFar) continue
    if (nearest !== undefined && candidate !== nearest) isOnly = false
    if (nearest === undefined || found < distance || (found === distance && candidate < nearest)) {
      nearest = candidate
      distance = found
    }
  }
  return nearest === undefined ? undefined : { name: nearest, isOnly }
}
