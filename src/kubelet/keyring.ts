import { type StepCounter, UNCOUNTED } from '../runtime/budget.ts'
import type { Entry } from './entry.ts'
import {
  DOCKER_HUB_AUTHORITY,
  type EntryIndex,
  type GlobEntry,
  indexEntries,
  matchesGlob,
  type ParsedEntry,
  stepsToIndex,
} from './entry-index.ts'
import { GlobIndex } from './glob-index.ts'
import type { ImageName } from './image-name.ts'
import { aimAt, DOCKER_HUB_INDEX, type Target } from './key.ts'
import { GATHER_STEPS, GLOB_INDEX_STEPS, GLOB_STEPS, LOOKUP_STEPS, SECRET_STEPS } from './steps.ts'

/** An entry that the kubelet would try for an image, and the Secret that holds it. */
export interface Credential<S extends { readonly name: string } = { readonly name: string }> {
  readonly secret: S
  readonly entry: Entry
}

/** A Secret as far as a keyring looks at it. */
export interface EntryHolder {
  readonly name: string
  /** Has to stay as it is while it is in use: what is made of it is kept beside it. */
  readonly entries: readonly Entry[]
}

interface Found<S> {
  readonly secret: S
  /** The place of the Secret in the list. */
  readonly rank: number
  readonly parsed: ParsedEntry
}

/** Entries of a Secret that are copied; one with more is asked itself, so that nobody copies ten thousand. */
const MAX_COPIED_ENTRIES = 16

/**
 * The keyring that the kubelet makes of a list of Secrets, in a form in which many images and many Secrets cost as much as
 * both together: what small Secrets hold is copied into one index, unless there is only one to ask.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, BasicDockerKeyring
 */
export class KubeletKeyring<S extends EntryHolder> {
  /** By host and port. */
  readonly #copied = new Map<string, Found<S>[]>()
  readonly #asked: { readonly secret: S; readonly rank: number; readonly literal: EntryIndex['literal'] }[] = []
  readonly #globs = new GlobIndex<{ readonly secret: S; readonly rank: number; readonly glob: GlobEntry }>()
  readonly #steps: StepCounter

  /** @param steps counts the making and each lookup; when there are none left, what is left out matches nothing */
  constructor(secrets: readonly S[], steps: StepCounter = UNCOUNTED) {
    this.#steps = steps
    for (const [rank, secret] of secrets.entries()) {
      if (!steps.spend(SECRET_STEPS + stepsToIndex(secret.entries))) return
      const { literal, globs } = indexEntries(secret.entries)
      if (!steps.spend(Math.min(secret.entries.length, MAX_COPIED_ENTRIES) + GLOB_INDEX_STEPS * globs.length)) return
      for (const glob of globs) this.#globs.add(glob.shape, { secret, rank, glob })
      if (secrets.length === 1 || secret.entries.length > MAX_COPIED_ENTRIES)
        this.#asked.push({ secret, rank, literal })
      else for (const [authority, entries] of literal) this.#copy(authority, entries, secret, rank)
    }
  }

  /**
   * The entries that the kubelet tries for an image, in its order: by what it makes of the keys, in reverse and byte by
   * byte, so that longer paths come first; then as the Secrets come. Go leaves open the order of two keys of one Secret
   * that it takes for the same, such as `ghcr.io` and `https://ghcr.io`; here it is that of the Secret.
   *
   * Globs do not match hosts of more than 253 characters, which no name server would know.
   */
  lookup(image: ImageName): Credential<S>[] {
    if (!this.#steps.spend(LOOKUP_STEPS + this.#asked.length)) return []
    const target = aimAt(image)
    const found = target === undefined ? [] : this.#match(target)
    const tried = found.length === 0 && isDockerHub(image) ? this.#listHub() : found
    // They are put in order, and gone through.
    if (!this.#steps.spend(4 * tried.length)) return []
    if (tried.length > 1) tried.sort(compareTurns)
    return tried.map(({ secret, parsed }) => ({ secret, entry: parsed.entry }))
  }

  #copy(authority: string, entries: readonly ParsedEntry[], secret: S, rank: number): void {
    const found = entries.map(parsed => ({ secret, rank, parsed }))
    const neighbours = this.#copied.get(authority)
    if (neighbours === undefined) this.#copied.set(authority, found)
    else neighbours.push(...found)
  }

  #match(target: Target): Found<S>[] {
    const found = this.#at(target.authority).filter(({ parsed }) => isBelow(target, parsed))
    for (const globs of this.#globs.candidates(target)) {
      if (!this.#steps.spend(GLOB_STEPS * globs.length)) break
      for (const { secret, rank, glob } of globs) {
        if (matchesGlob(glob, target)) found.push({ secret, rank, parsed: glob.parsed })
      }
    }
    return found
  }

  /** The entries that stand for Docker Hub where nothing else matches. */
  #listHub(): Found<S>[] {
    return this.#at(DOCKER_HUB_AUTHORITY).filter(({ parsed }) => parsed.index === DOCKER_HUB_INDEX)
  }

  /** The entries of a host and port without globs. They are paid for before they are gathered. */
  #at(authority: string): readonly Found<S>[] {
    const copied = this.#copied.get(authority) ?? []
    if (!this.#steps.spend(copied.length)) return []
    if (this.#asked.length === 0) return copied
    const found = [...copied]
    for (const { secret, rank, literal } of this.#asked) {
      const entries = literal.get(authority) ?? []
      if (!this.#steps.spend(GATHER_STEPS * entries.length)) break
      for (const parsed of entries) found.push({ secret, rank, parsed })
    }
    return found
  }
}

/** Looks a single image up; see {@link KubeletKeyring.lookup}. */
export function lookup<S extends EntryHolder>(secrets: readonly S[], image: ImageName): Credential<S>[] {
  return new KubeletKeyring(secrets).lookup(image)
}

/**
 * Whether the keyring falls back on Docker Hub's entry: also for `localhost`, which has neither dot nor port.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, isDefaultRegistryMatch
 */
export function isDockerHub({ registry }: ImageName): boolean {
  return registry === 'docker.io' || !/[.:]/.test(registry)
}

function isBelow(target: Target, { path }: ParsedEntry): boolean {
  return target.path.startsWith(path)
}

function compareTurns(a: Found<unknown>, b: Found<unknown>): number {
  if (a.parsed.index === b.parsed.index) return a.rank - b.rank
  return a.parsed.index < b.parsed.index ? 1 : -1
}
