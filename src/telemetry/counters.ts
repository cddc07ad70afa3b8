import { Counter, Histogram, type Registry } from 'prom-client'

/**
 * Counts by labels in a map of our own, which prom-client only reads when it is scraped: its own counters cost a review
 * more than the whole decision does.
 */
export class Tally<L extends string> {
  readonly #labels: readonly L[]
  readonly #counted = new Map<string, { readonly labels: Partial<Record<L, string>>; count: number }>()

  constructor(registry: Registry, name: string, help: string, labels: readonly L[]) {
    this.#labels = labels
    const counted = this.#counted
    new Counter({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset()
        for (const { labels, count } of counted.values()) this.inc(labels, count)
      },
    })
  }

  /** @param values of the labels, in their order; each from a small fixed set */
  count(...values: readonly string[]): void {
    const key = values.join()
    const counted = this.#counted.get(key) ?? { labels: this.#label(values), count: 0 }
    this.#counted.set(key, counted)
    counted.count += 1
  }

  #label(values: readonly string[]): Partial<Record<L, string>> {
    const labels: Partial<Record<L, string>> = {}
    for (const [i, label] of this.#labels.entries()) {
      const value = values[i]
      if (value !== undefined) labels[label] = value
    }
    return labels
  }
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
