import { createHash } from 'node:crypto'
import type { Reported } from '../reported.ts'

/**
 * Gives each problem a fingerprint by which a reader knows it again when lines have moved: of its code, its object, and the Secret or
 * image. One who has it already is a further one: readers leave out what has a fingerprint that they have seen.
 */
export class Fingerprints {
  readonly #seen = new Map<string, number>()

  /** A hexadecimal number, a colon, and the how manieth of its kind it is: the form that GitHub has for its own. */
  of({ identity }: Pick<Reported, 'identity'>): string {
    const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, HASH_LENGTH)
    const times = (this.#seen.get(hash) ?? 0) + 1
    this.#seen.set(hash, times)
    return `${hash}:${times}`
  }
}

/** Characters of a fingerprint: 128 bits are enough to tell the problems of one repository apart. */
const HASH_LENGTH = 32
