import { Counter, Histogram, type Registry } from 'prom-client'

/** How often what leads here was counted, and what it leads on to. */
interface Count {
  count: number
  readonly next: Map<string, Count>
}

/**
 * Counts by labels in maps of our own, one for each label, which prom-client only reads when it is scraped: its own counters
 * cost a review more than the whole decision does.
 */
export class Tally<L extends string> {
  readonly #counts: Count = { count: 0, next: new Map() }

  constructor(registry: Registry, name: string, help: string, labels: readonly L[]) {
    const counts = this.#counts
    new Counter({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset()
        for (const { values, count } of list(counts, labels.length)) this.labels(...values).inc(count)
      },
    })
  }

  /** @param values of the labels, all of them and in their order; each from a small fixed set */
  count(...values: readonly string[]): void {
    let counted = this.#counts
    for (const value of values) counted = counted.next.get(value) ?? begin(counted, value)
    counted.count += 1
  }
}

function begin({ next }: Count, value: string): Count {
  const begun = { count: 0, next: new Map() }
  next.set(value, begun)
  return begun
}

/** Every combination of values that has been counted. */
function* list(counts: Count, depth: number, values: readonly string[] = []): Iterable<Counted> {
  if (depth === 0) yield { values, count: counts.count }
  for (const [value, next] of counts.next) yield* list(next, depth - 1, [...values, value])
}

interface Counted {
  readonly values: readonly string[]
  readonly count: number
}

/** The buckets of kube-apiserver's own admission histograms that matter to a webhook, in seconds, and finer ones below. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

interface Observed {
  readonly buckets: readonly { readonly limit: number; count: number }[]
  sum: number
}

/** A histogram of seconds with one label, kept in plain arrays for the same reason. */
export class Durations<L extends string> extends Histogram<L> {
  readonly #observed = new Map<string, Observed>()
  readonly #name: string
  readonly #help: string
  readonly #label: L

  constructor(registry: Registry, name: string, help: string, label: L) {
    super({ name, help, labelNames: [label], buckets: BUCKETS, registers: [registry] })
    this.#name = name
    this.#help = help
    this.#label = label
  }

  record(value: string, seconds: number): void {
    let observed = this.#observed.get(value)
    if (observed === undefined) {
      observed = { buckets: [...BUCKETS, Number.POSITIVE_INFINITY].map(limit => ({ limit, count: 0 })), sum: 0 }
      this.#observed.set(value, observed)
    }
    const bucket = observed.buckets.find(({ limit }) => seconds <= limit)
    if (bucket !== undefined) bucket.count += 1
    observed.sum += seconds
  }

  override get(): ReturnType<Histogram<L>['get']> {
    const values = [...this.#observed].flatMap(([value, observed]) => this.#series(value, observed))
    const metric = { name: this.#name, help: this.#help, type: 'histogram', values, aggregator: 'sum' } as const
    return Promise.resolve(metric as unknown as Awaited<ReturnType<Histogram<L>['get']>>)
  }

  /** What the registry prints from, where it is there. */
  getForPromString(): ReturnType<Histogram<L>['get']> {
    return this.get()
  }

  #series(value: string, observed: Observed) {
    let total = 0
    const buckets = observed.buckets.map(({ limit, count }) => {
      total += count
      return {
        labels: { [this.#label]: value, le: limit === Number.POSITIVE_INFINITY ? '+Inf' : limit },
        value: total,
        metricName: `${this.#name}_bucket`,
      }
    })
    const labels = { [this.#label]: value }
    return [
      ...buckets,
      { labels, value: observed.sum, metricName: `${this.#name}_sum` },
      { labels, value: total, metricName: `${this.#name}_count` },
    ]
  }
}
