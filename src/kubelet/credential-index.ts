import {
  DOCKER_HUB_AUTHORITY,
  type GlobEntry,
  indexEntries,
  listHubEntries,
  matchEntries,
  matchesGlob,
} from './entry-index.ts'
import type { ImageName } from './image-name.ts'
import { aimAt } from './key.ts'
import { type Credential, isDockerHub } from './keyring.ts'
import type { PullSecret } from './secret.ts'

/** The pull secrets of one namespace, in a form in which an image finds those that match it without trying them all. */
export class CredentialIndex {
  readonly #secrets = new Map<string, PullSecret>()
  /** By host and port of an entry without globs. */
  readonly #byAuthority = new Map<string, Set<PullSecret>>()
  /** Few, so that these are tried one by one. */
  readonly #globs = new Map<PullSecret, readonly GlobEntry[]>()

  /** Replaces the Secret of the same name. */
  add(secret: PullSecret): void {
    this.remove(secret)
    this.#secrets.set(secret.name, secret)
    const { literal, globs } = indexEntries(secret.entries)
    if (globs.length > 0) this.#globs.set(secret, globs)
    for (const authority of literal.keys()) {
      const holders = this.#byAuthority.get(authority)
      if (holders === undefined) this.#byAuthority.set(authority, new Set([secret]))
      else holders.add(secret)
    }
  }

  /** Removes the Secret of this name. */
  remove({ name }: { readonly name: string }): void {
    const secret = this.#secrets.get(name)
    if (secret === undefined) return
    this.#secrets.delete(name)
    this.#globs.delete(secret)
    for (const authority of indexEntries(secret.entries).literal.keys()) {
      const holders = this.#byAuthority.get(authority)
      holders?.delete(secret)
      if (holders?.size === 0) this.#byAuthority.delete(authority)
    }
  }

  /**
   * Every entry that the kubelet would try for the image if its Secret were the only one; in no particular order. Of a
   * Secret with both `docker.io` and `index.docker.io` that is the first alone, as the second is only a fallback.
   */
  find(image: ImageName): Credential<PullSecret>[] {
    const target = aimAt(image)
    const candidates = new Set(isDockerHub(image) ? this.#byAuthority.get(DOCKER_HUB_AUTHORITY) : [])
    if (target !== undefined) {
      for (const secret of this.#byAuthority.get(target.authority) ?? []) candidates.add(secret)
      for (const [secret, globs] of this.#globs) {
        if (globs.some(glob => matchesGlob(glob, target))) candidates.add(secret)
      }
    }
    return [...candidates].flatMap(secret => {
      const found = target === undefined ? [] : matchEntries(secret.entries, target)
      const tried = found.length === 0 && isDockerHub(image) ? listHubEntries(secret.entries) : found
      return tried.map(({ entry }) => ({ secret, entry }))
    })
  }
}
