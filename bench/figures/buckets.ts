/** A histogram as Prometheus' text has it: how many were at most as long as each bound, in seconds. */
export class Buckets {
  readonly #counts: ReadonlyMap<number, number>

  private constructor(counts: ReadonlyMap<number, number>) {
    this.#counts = counts
  }

  /** @param label what the lines of all series hold that are summed up */
  static read(text: string, metric: string, label: string): Buckets {
    const counts = new Map<number, number>()
    for (const [line, , bound = '', count] of text.matchAll(
      new RegExp(`^${metric}_bucket{(.*)le="([^"]+)".*} (\\S+)$`, 'gm'),
    )) {
      if (!line.includes(label)) continue
      const at = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound)
      counts.set(at, (counts.get(at) ?? 0) + Number(count))
    }
    return new Buckets(counts)
  }

  since(before: Buckets): Buckets {
    return new Buckets(new Map([...this.#counts].map(([at, count]) => [at, count - (before.#counts.get(at) ?? 0)])))
  }

  /** Within its bucket a value is taken to be as likely anywhere, as Prometheus does. */
  quantile(at: number): number {
    const bounds = [...this.#counts].sort(([a], [b]) => a - b)
    const total = bounds.at(-1)?.[1] ?? 0
    if (total === 0) throw new Error('nothing was counted')
    const rank = at * total
    let [lower, below] = [0, 0]
    for (const [bound, count] of bounds) {
      if (count >= rank)
        return Number.isFinite(bound) ? lower + ((bound - lower) * (rank - below)) / (count - below) : lower
      ;[lower, below] = [bound, count]
    }
    return Number.NaN
  }
}
