import type { Entry } from './docker-config.ts'
import type { ImageName } from './image.ts'
import { aimAt } from './key.ts'
import { listHubEntries, matchEntries, type ParsedEntry } from './matching.ts'

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

/**
 * The entries that the kubelet tries for an image, in its order: by what it makes of the keys, in reverse and byte by
 * byte, so that longer paths come first; then as the Secrets come. Go leaves open the order of two keys of one Secret that
 * it takes for the same, such as `ghcr.io` and `https://ghcr.io`; here it is that of the Secret.
 *
 * Globs do not match hosts of more than 253 characters, which no name server would know.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, BasicDockerKeyring.Lookup
 */
export function lookup<S extends EntryHolder>(secrets: readonly S[], image: ImageName): Credential<S>[] {
  const target = aimAt(image)
  const found = target === undefined ? [] : collect(secrets, entries => matchEntries(entries, target))
  const tried = found.length === 0 && isDockerHub(image) ? collect(secrets, listHubEntries) : found
  return tried.sort(compareIndexes).map(({ secret, parsed }) => ({ secret, entry: parsed.entry }))
}

/**
 * Whether the keyring falls back on Docker Hub's entry: also for `localhost`, which has neither dot nor port.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, isDefaultRegistryMatch
 */
export function isDockerHub({ registry }: ImageName): boolean {
  return registry === 'docker.io' || !/[.:]/.test(registry)
}

interface Found<S> {
  readonly secret: S
  readonly parsed: ParsedEntry
}

function collect<S extends EntryHolder>(
  secrets: readonly S[],
  select: (entries: readonly Entry[]) => readonly ParsedEntry[],
): Found<S>[] {
  return secrets.flatMap(secret => select(secret.entries).map(parsed => ({ secret, parsed })))
}

function compareIndexes(a: Found<unknown>, b: Found<unknown>): number {
  if (a.parsed.index === b.parsed.index) return 0
  return a.parsed.index < b.parsed.index ? 1 : -1
}
