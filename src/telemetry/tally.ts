import { Counter, type Registry } from 'prom-client'
import { visible } from '../runtime/visible.ts'

/** How often what leads here was counted, and what it leads on to. */
interface Count {
  count: number
  readonly next: Map<string, Count>
}

/**
 * A counter that counts in maps of its own, one for each label, which prom-client only reads when it is scraped: its own
 * counters look every label up by a text that they make of all of them, for each review several times.
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
        // A kind of object may come from outside.
        for (const { values, count } of list(counts, labels.length)) this.labels(...values.map(visible)).inc(count)
      },
    })
  }

  /** @param values of the labels, all of them and in their order; each from a small fixed set */
  count(...values: readonly string[]): void {
    this.#find(values).count += 1
  }

  /** Shows a combination that has not been counted yet, as 0. */
  begin(...values: readonly string[]): void {
    this.#find(values)
  }

  #find(values: readonly string[]): Count {
    let counted = this.#counts
    for (const value of values) counted = counted.next.get(value) ?? begin(counted, value)
    return counted
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
