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
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  { limit, ignoreCase = false }: NearestOptions,
): string | undefined {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  const wanted = fold(name)
  let nearest: string | undefined
  let distance = Math.min(limit + 1, name.length)
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > limit) continue
    const found = leven(wanted, fold(candidate), { maxDistance: limit + 1 })
    if (found < distance || (found === distance && nearest !== undefined && candidate < nearest)) {
      nearest = candidate
      distance = found
    }
  }
  return nearest
}
