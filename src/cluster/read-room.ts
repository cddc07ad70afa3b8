/** How much room a read takes: that of one object, or that of all of a namespace, which may be large. */
export type ReadSize = 'object' | 'namespace'

/** Reads of single objects at a time; each has at most two requests under way. */
const MAX_CONCURRENT_READS = 32
/** Reads of whole namespaces at a time: their pull secrets may be large. */
const MAX_CONCURRENT_NAMESPACE_READS = 4
/** Of the former, those that are kept for people. */
const MIN_READS_FOR_PEOPLE = 8
/** Of the latter, those that are kept for people. */
const MIN_NAMESPACE_READS_FOR_PEOPLE = 1
/** Reads of one object of one namespace at a time, so that none takes all the room there is. */
const MAX_CONCURRENT_READS_PER_NAMESPACE = 8
/** Reads of one and the same whole namespace at a time. */
const MAX_CONCURRENT_LISTS_PER_NAMESPACE = 1

/** Room for reads that are under way: a semaphore for each size, of which a part is kept for people. */
export class ReadRoom {
  readonly #free: Record<ReadSize, number>
  readonly #forPeople: Readonly<Record<ReadSize, number>>

  private constructor(free: Record<ReadSize, number>, forPeople: Readonly<Record<ReadSize, number>>) {
    this.#free = free
    this.#forPeople = forPeople
  }

  /** For all reads. */
  static ofAll(): ReadRoom {
    return new ReadRoom(
      { object: MAX_CONCURRENT_READS, namespace: MAX_CONCURRENT_NAMESPACE_READS },
      { object: MIN_READS_FOR_PEOPLE, namespace: MIN_NAMESPACE_READS_FOR_PEOPLE },
    )
  }

  /** For those of one namespace. */
  static ofNamespace(): ReadRoom {
    return new ReadRoom(
      { object: MAX_CONCURRENT_READS_PER_NAMESPACE, namespace: MAX_CONCURRENT_LISTS_PER_NAMESPACE },
      { object: 0, namespace: 0 },
    )
  }

  /** Whether a read may take room. */
  has(size: ReadSize, forPerson: boolean): boolean {
    return this.#free[size] > (forPerson ? 0 : this.#forPeople[size])
  }

  take(size: ReadSize): void {
    this.#free[size] -= 1
  }

  giveBack(size: ReadSize): void {
    this.#free[size] += 1
  }
}
