import { NamespaceCount } from './namespace-count.ts'
import type { ReadOptions } from './view.ts'

/** Reads of one namespace that are waited for patiently: ten wrong Pods a second for six seconds. */
const MAX_PATIENT_READS_PER_NAMESPACE = 64
/** The same once half of the room of all is taken, so that few namespaces do not fill it. */
const MAX_PATIENT_READS_PER_NAMESPACE_IN_NEED = 16
/** Those of all namespaces: reviews that wait are under way, and there is room for twice as many of these. */
const MAX_PATIENT_READS = 128

/**
 * Who may wait for long. What a slow API server does not answer in half a second is unknown, and `enforce` lets it through; so
 * what it refuses waits for longer. But whoever waits takes room among the reviews, so each namespace has its share of
 * that, and beyond it half a second is all.
 */
export class Patience {
  readonly #waiting = new NamespaceCount()

  /** Waits for something, and tells it for how many milliseconds it may. */
  async wait<T>(
    namespace: string,
    { timeout, patience = 0 }: Pick<ReadOptions, 'timeout' | 'patience'>,
    read: (milliseconds: number) => Promise<T>,
  ): Promise<T> {
    if (patience <= timeout || !this.#hasRoom(namespace)) return await read(timeout)
    return await this.#waiting.during(namespace, () => read(patience))
  }

  #hasRoom(namespace: string): boolean {
    const { all } = this.#waiting
    const limit =
      all < MAX_PATIENT_READS / 2 ? MAX_PATIENT_READS_PER_NAMESPACE : MAX_PATIENT_READS_PER_NAMESPACE_IN_NEED
    return all < MAX_PATIENT_READS && this.#waiting.of(namespace) < limit
  }
}
