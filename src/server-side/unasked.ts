import { nameFirst } from '../runtime/count.ts'

/** Objects that a sentence names before it only counts them. */
const MAX_NAMED = 3

/** Objects that a cluster could not be asked about. */
export class Unasked {
  readonly #byReason = new Map<string, string[]>()

  /** @param object e.g. `Pod web in namespace team-a` */
  add(object: string, reason: string): void {
    const objects = this.#byReason.get(reason) ?? []
    objects.push(object)
    this.#byReason.set(reason, objects)
  }

  /** A sentence for each reason. */
  get faults(): readonly string[] {
    return [...this.#byReason].map(([reason, objects]) => {
      const named = objects.slice(0, MAX_NAMED)
      return `the cluster could not be asked about ${nameFirst(named, objects.length)}: ${reason}`
    })
  }
}
