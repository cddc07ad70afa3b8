import { Histogram, type Registry } from 'prom-client'

/** The buckets of kube-apiserver's own admission histograms that matter to a webhook, in seconds, and finer ones below. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Observations that wait for the histogram; a scrape takes them all. */
const MAX_PENDING_OBSERVATIONS = 256

/**
 * A histogram of seconds with one label, which observes in batches: by itself an observation costs a review as much as its
 * whole decision does, most of it in code that is cold by then (bench/README.md); in a batch it is a tenth of that.
 */
export class Durations<L extends string> {
  readonly #histogram: Histogram<L>
  readonly #label: L
  readonly #pending: { readonly value: string; readonly seconds: number }[] = []

  constructor(registry: Registry, name: string, help: string, label: L) {
    const collect = () => this.#flush()
    this.#label = label
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: [label],
      buckets: BUCKETS,
      registers: [registry],
      collect,
    })
  }

  record(value: string, seconds: number): void {
    this.#pending.push({ value, seconds })
    if (this.#pending.length >= MAX_PENDING_OBSERVATIONS) this.#flush()
  }

  #flush(): void {
    for (const { value, seconds } of this.#pending) {
      const labels: Partial<Record<L, string>> = {}
      labels[this.#label] = value
      this.#histogram.observe(labels, seconds)
    }
    this.#pending.length = 0
  }
}
