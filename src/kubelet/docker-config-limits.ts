/** It has more than was asked for, and was not read to its end. */
export const TOO_LARGE = 'tooLarge'

/** How much is read. */
export interface DockerConfigLimits {
  /** Entries, each as often as it is written. */
  readonly maxEntries: number
  /** Characters of all their keys. */
  readonly maxKeyLength: number
}

/** All of it is. */
export const UNLIMITED: DockerConfigLimits = {
  maxEntries: Number.POSITIVE_INFINITY,
  maxKeyLength: Number.POSITIVE_INFINITY,
}
/** Tokens of an entry; one with all its fields has 39, and ten more where it is indented. More is not worth the time to find out about. */
const MAX_TOKENS_PER_ENTRY = 55
/** Tokens of what stands around them. */
const MAX_TOKENS_AROUND = 100

/** Tokens of a docker config that is read. */
export function maxTokensOf({ maxEntries }: DockerConfigLimits): number {
  return maxEntries * MAX_TOKENS_PER_ENTRY + MAX_TOKENS_AROUND
}

/** The entries that have been read so far. */
export class Entries<Entry> {
  readonly #limits: DockerConfigLimits
  readonly #byKey = new Map<string, Entry>()
  #count = 0
  #keyLength = 0

  constructor(limits: DockerConfigLimits) {
    this.#limits = limits
  }

  get all(): Entry[] {
    return [...this.#byKey.values()]
  }

  /** There were more than may be read. */
  get isFull(): boolean {
    return this.#count > this.#limits.maxEntries || this.#keyLength > this.#limits.maxKeyLength
  }

  /** Makes room for one with this key; false if there is none. */
  count(key: string): boolean {
    this.#count += 1
    this.#keyLength += key.length
    return !this.isFull
  }

  set(name: string, entry: Entry): void {
    this.#byKey.set(name, entry)
  }

  clear(): void {
    this.#byKey.clear()
  }
}
