import type { Entry } from './entry.ts'
import { type GlobShape, shapeOf } from './glob-index.ts'
import {
  authorityOf,
  compileHost,
  DOCKER_HUB_INDEX,
  type HostGlob,
  type Key,
  matchesHost,
  parseKey,
  type Target,
} from './key.ts'
import { KEY_STEPS } from './steps.ts'

/** An entry with what the keyring makes of its key. */
export interface ParsedEntry extends Key {
  readonly entry: Entry
}

/** The entries of one Secret, in a form in which an image finds those that match it without trying them all. */
export interface EntryIndex {
  /** By host and port; those without globs. */
  readonly literal: ReadonlyMap<string, readonly ParsedEntry[]>
  readonly globs: readonly GlobEntry[]
}

/** An entry with globs in its host. */
export interface GlobEntry {
  readonly parsed: ParsedEntry
  readonly host: HostGlob
  readonly shape: GlobShape
}

/** About what an index takes in memory by itself. */
const INDEX_BYTES = 300
/** The same for an entry. */
const ENTRY_BYTES = 250
/** The same for what the globs of an entry are compiled to, if no other key has such parts. */
const GLOB_BYTES = 350
/** Memory of the indexes of one generation. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024

/**
 * Indexes of arrays that live, in two generations: when the young one is full it becomes the old one, whose indexes are
 * forgotten unless they were asked for again.
 */
let young = new WeakMap<readonly Entry[], EntryIndex>()
let old = young
let youngBytes = 0

/** Indexes entries: once for an array, for as long as there is room for it. */
export function indexEntries(entries: readonly Entry[]): EntryIndex {
  const known = young.get(entries)
  if (known !== undefined) return known
  const index = old.get(entries) ?? buildIndex(entries)
  const bytes = bytesOf(entries, index)
  if (youngBytes + bytes > MAX_INDEX_BYTES) {
    old = young
    young = new WeakMap()
    youngBytes = 0
  }
  young.set(entries, index)
  youngBytes += bytes
  return index
}

function bytesOf(entries: readonly Entry[], { globs }: EntryIndex): number {
  const own = INDEX_BYTES + GLOB_BYTES * globs.length
  return entries.reduce((sum, { key }) => sum + ENTRY_BYTES + 2 * key.length, own)
}

/** What {@link indexEntries} will cost: a parse for each key, the first time. */
export function stepsToIndex(entries: readonly Entry[]): number {
  if (young.has(entries) || old.has(entries)) return 0
  return entries.reduce((sum, { key }) => sum + KEY_STEPS + key.length / 10, 0)
}

function buildIndex(entries: readonly Entry[]): EntryIndex {
  const literal = new Map<string, ParsedEntry[]>()
  const globs: GlobEntry[] = []
  for (const entry of entries) {
    const key = parseKey(entry.key)
    if (key === undefined) continue
    const parsed = { entry, ...key }
    const host = compileHost(key)
    if (host !== undefined) globs.push({ parsed, host, shape: shapeOf(key) })
    else {
      const authority = authorityOf(key.host, key.port)
      const neighbours = literal.get(authority)
      if (neighbours === undefined) literal.set(authority, [parsed])
      else neighbours.push(parsed)
    }
  }
  return { literal, globs }
}

/**
 * The entries that match an image: same port, as many dot-separated parts in the host, each of which matches, and a path
 * that is a prefix of the image's, character by character.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, URLsMatch
 */
export function matchEntries(entries: readonly Entry[], target: Target): ParsedEntry[] {
  const { literal, globs } = indexEntries(entries)
  const found = (literal.get(target.authority) ?? []).filter(({ path }) => target.path.startsWith(path))
  for (const glob of globs) if (matchesGlob(glob, target)) found.push(glob.parsed)
  return found
}

export function matchesGlob({ parsed, host }: GlobEntry, target: Target): boolean {
  return target.path.startsWith(parsed.path) && matchesHost(host, parsed.port, target)
}

/** The entries that stand for Docker Hub where nothing else matches. */
export function listHubEntries(entries: readonly Entry[]): ParsedEntry[] {
  const candidates = indexEntries(entries).literal.get(DOCKER_HUB_AUTHORITY) ?? []
  return candidates.filter(({ index }) => index === DOCKER_HUB_INDEX)
}

export const DOCKER_HUB_AUTHORITY = authorityOf(DOCKER_HUB_INDEX, '')
