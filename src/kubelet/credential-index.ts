import { type StepCounter, UNCOUNTED } from '../runtime/budget.ts'
import {
  DOCKER_HUB_AUTHORITY,
  type GlobEntry,
  indexEntries,
  listHubEntries,
  matchEntries,
  matchesGlob,
  stepsToIndex,
} from './entry-index.ts'
import { GlobIndex } from './glob-index.ts'
import type { ImageName } from './image-name.ts'
import { aimAt } from './key.ts'
import { type Credential, isDockerHub } from './keyring.ts'
import type { PullSecret } from './secret.ts'
import { GLOB_INDEX_STEPS, GLOB_STEPS, LOOKUP_STEPS, SECRET_STEPS } from './steps.ts'

/** About what an index takes in memory by itself. */
const INDEX_BYTES = 1000
/** The same for a Secret, or an entry with globs. */
const PLACE_BYTES = 100
/** The same for a host and port. */
const AUTHORITY_BYTES = 250
/** The same for a Secret with an entry for it. */
const HOLDER_BYTES = 50

/** The pull secrets of one namespace, in a form in which an image finds those that match it without trying them all. */
export class CredentialIndex {
  readonly #secrets = new Map<string, PullSecret>()
  /** By host and port of an entry without globs. */
  readonly #byAuthority = new Map<string, Set<PullSecret>>()
  /** By Secret name: whether it holds globs; the index of them all is made again when one of these goes. */
  readonly #globbed = new Map<string, PullSecret>()
  #globCount = 0
  #authorityBytes = 0
  #globs: GlobIndex<{ readonly secret: PullSecret; readonly glob: GlobEntry }> | undefined

  /** What {@link add} will cost. */
  static stepsToAdd({ entries }: PullSecret): number {
    return SECRET_STEPS + stepsToIndex(entries) + 2 * entries.length
  }

  /** About what it takes in memory, without the Secrets. */
  get bytes(): number {
    return INDEX_BYTES + PLACE_BYTES * (this.#secrets.size + this.#globCount) + this.#authorityBytes
  }

  /** Replaces the Secret of the same name. */
  add(secret: PullSecret): void {
    this.remove(secret)
    this.#secrets.set(secret.name, secret)
    const { literal, globs } = indexEntries(secret.entries)
    if (globs.length > 0) {
      this.#globbed.set(secret.name, secret)
      this.#globCount += globs.length
      for (const glob of globs) this.#globs?.add(glob.shape, { secret, glob })
    }
    for (const authority of literal.keys()) {
      const holders = this.#byAuthority.get(authority)
      this.#authorityBytes += HOLDER_BYTES + (holders === undefined ? bytesOf(authority) : 0)
      if (holders === undefined) this.#byAuthority.set(authority, new Set([secret]))
      else holders.add(secret)
    }
  }

  /** Removes the Secret of this name. */
  remove({ name }: { readonly name: string }): void {
    const secret = this.#secrets.get(name)
    if (secret === undefined) return
    this.#secrets.delete(name)
    const { literal, globs } = indexEntries(secret.entries)
    if (this.#globbed.delete(name)) {
      this.#globCount -= globs.length
      this.#globs = undefined
    }
    for (const authority of literal.keys()) {
      const holders = this.#byAuthority.get(authority)
      holders?.delete(secret)
      const isLast = holders?.size === 0
      if (isLast) this.#byAuthority.delete(authority)
      this.#authorityBytes -= HOLDER_BYTES + (isLast ? bytesOf(authority) : 0)
    }
  }

  /**
   * Every entry that the kubelet would try for the image if its Secret were the only one; in no particular order. Of a
   * Secret with both `docker.io` and `index.docker.io` that is the first alone, as the second is only a fallback.
   */
  find(image: ImageName, steps: StepCounter = UNCOUNTED): Credential<PullSecret>[] {
    if (!steps.spend(LOOKUP_STEPS)) return []
    const target = aimAt(image)
    const candidates = new Set(isDockerHub(image) ? this.#byAuthority.get(DOCKER_HUB_AUTHORITY) : [])
    if (target !== undefined) {
      for (const secret of this.#byAuthority.get(target.authority) ?? []) candidates.add(secret)
      this.#globs ??= this.#indexGlobs(steps)
      if (this.#globs === undefined) return []
      for (const globs of this.#globs.candidates(target)) {
        if (!steps.spend(GLOB_STEPS * globs.length)) return []
        for (const { secret, glob } of globs) if (matchesGlob(glob, target)) candidates.add(secret)
      }
    }
    const found: Credential<PullSecret>[] = []
    for (const secret of candidates) {
      if (!steps.spend(5 + secret.entries.length / 4 + stepsToIndex(secret.entries))) return []
      const direct = target === undefined ? [] : matchEntries(secret.entries, target)
      const tried = direct.length === 0 && isDockerHub(image) ? listHubEntries(secret.entries) : direct
      for (const { entry } of tried) found.push({ secret, entry })
    }
    return found
  }

  /**
   * Undefined where the steps do not suffice. They are spent as the work is done: to add them up beforehand would be work for which
   * nobody has paid.
   */
  #indexGlobs(steps: StepCounter): GlobIndex<{ readonly secret: PullSecret; readonly glob: GlobEntry }> | undefined {
    if (!steps.spend(GLOB_INDEX_STEPS * this.#globCount)) return undefined
    const index = new GlobIndex<{ readonly secret: PullSecret; readonly glob: GlobEntry }>()
    for (const secret of this.#globbed.values()) {
      // What was parsed of their keys may have been forgotten.
      if (!steps.spend(1 + secret.entries.length / 4 + stepsToIndex(secret.entries))) return undefined
      for (const glob of indexEntries(secret.entries).globs) index.add(glob.shape, { secret, glob })
    }
    return index
  }
}

function bytesOf(authority: string): number {
  return AUTHORITY_BYTES + 2 * authority.length
}
