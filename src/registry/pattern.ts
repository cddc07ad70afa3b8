import { compileStars, type PartMatcher } from './glob.ts'
import { splitHostPort } from './go-url.ts'
import type { ImageName } from './image.ts'

/** Where an image's registry stands, by configuration. */
export type RegistryClass = 'private' | 'public' | 'node' | 'mixed' | 'unlisted'

/** A registry pattern of the configuration, e.g. `*.dkr.ecr.*.amazonaws.com`, `localhost:5000`, `ghcr.io/acme`. */
export interface Pattern {
  /** Host and port in lower case; may hold globs. */
  readonly authority: string
  readonly port: string
  /** Below the host, e.g. `acme`; empty if there is none. */
  readonly path: string
  readonly segments: number
  /** Parts of the host without globs. */
  readonly literals: number
  /** One for each part of the host; absent if it holds no glob. */
  readonly globs?: readonly PartMatcher[]
}

/**
 * Parses `host[:port][/path]`. A `*` stands for any run of characters within one dot-separated part of the host; the path
 * is whole segments. A fault reads on from the pattern, e.g. `names a scheme`.
 */
export function parsePattern(text: string): Pattern | { readonly fault: string } {
  const slash = text.indexOf('/')
  const authority = (slash < 0 ? text : text.slice(0, slash)).toLowerCase()
  const path = slash < 0 ? '' : text.slice(slash + 1)
  const fault = findFault(text, authority, slash < 0 ? undefined : path)
  if (fault !== undefined) return { fault }
  const { name, port } = splitHostPort(authority)
  const parts = name.split('.')
  const literals = parts.filter(part => !part.includes('*')).length
  return {
    authority,
    port,
    path,
    segments: path === '' ? 0 : path.split('/').length,
    literals,
    ...(literals < parts.length && { globs: parts.map(compileStars) }),
  }
}

/** Whether an image is of a registry, and below its path, that the pattern describes. Hosts are compared without case. */
export function matchesPattern(pattern: Pattern, image: ImageName): boolean {
  return isBelow(image.path, pattern.path) && matchesHost(pattern, readHost(image))
}

/** Patterns by class, as the configuration lists them. */
export interface Registries {
  readonly private: readonly string[]
  readonly node: readonly string[]
  readonly public: readonly string[]
  readonly mixed: readonly string[]
  /** The class of what no pattern matches. */
  readonly default: 'unlisted' | 'private'
}

/**
 * Prepares the classification of images. The most specific pattern wins: by segments of its path, then by parts of its
 * host without globs; then the classes in the order private, node, public, mixed. What does not parse is left out.
 */
export function classifier(registries: Registries): (image: ImageName) => RegistryClass {
  const patterns = LISTED.flatMap(name => registries[name].map(text => ({ name, pattern: parsePattern(text) })))
    .flatMap(({ name, pattern }) => ('fault' in pattern ? [] : [{ name, pattern }]))
    .map((listed, rank) => ({ ...listed, rank }))
    .sort((a, b) => compareRanks(a, b))
  const globs = patterns.filter(({ pattern }) => pattern.globs !== undefined)
  const literal = Map.groupBy(
    patterns.filter(({ pattern }) => pattern.globs === undefined),
    ({ pattern }) => pattern.authority,
  )
  return image => {
    const host = readHost(image)
    const exact = literal.get(host.authority)?.find(({ pattern }) => isBelow(image.path, pattern.path))
    const glob = globs.find(({ pattern }) => isBelow(image.path, pattern.path) && matchesHost(pattern, host))
    if (exact === undefined || glob === undefined) return (exact ?? glob)?.name ?? registries.default
    return (compareRanks(exact, glob) < 0 ? exact : glob).name
  }
}

const LISTED = ['private', 'node', 'public', 'mixed'] as const

interface Ranked {
  readonly pattern: Pattern
  readonly rank: number
}

function compareRanks(a: Ranked, b: Ranked): number {
  return b.pattern.segments - a.pattern.segments || b.pattern.literals - a.pattern.literals || a.rank - b.rank
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || (path.startsWith(prefix) && path[prefix.length] === '/')
}

/** The registry of an image in the form in which patterns are matched with it. */
interface Host {
  readonly authority: string
  readonly port: string
  readonly parts: readonly string[]
}

function readHost({ registry }: ImageName): Host {
  const authority = registry.toLowerCase()
  const { name, port } = splitHostPort(authority)
  return { authority, port, parts: name.split('.') }
}

function matchesHost({ authority, port, globs }: Pattern, host: Host): boolean {
  if (globs === undefined) return authority === host.authority
  return port === host.port && host.parts.length === globs.length && host.parts.every((part, at) => globs[at]?.(part))
}

/** What is wrong with a pattern, first the mistakes that people make. */
function findFault(text: string, authority: string, path: string | undefined): string | undefined {
  const { name } = splitHostPort(authority)
  const onlyName = /^[^.:]*$/.test(authority) && authority !== 'localhost'
  const faults: [boolean, string][] = [
    [text === '', 'is empty'],
    [text.includes('://'), 'names a scheme; begin with the host'],
    [/\s/.test(text), 'holds a space'],
    [HUB_ALIASES.has(name), 'is not how images of Docker Hub are named; write docker.io'],
    [onlyName, 'begins with no registry; for Docker Hub write docker.io/…'],
    [!HOST.test(authority), 'has a host that no image can have'],
    [path?.includes('*') ?? false, 'has a * in its path, where none is needed: all below a path belongs to it'],
    [/[:@]/.test(path ?? ''), 'names a tag or digest; end with the path'],
    [/[A-Z]/.test(path ?? ''), 'has a capital letter in its path, which no image has'],
    [path !== undefined && !PATH.test(path), 'has a path that no image can have'],
  ]
  return faults.find(([found]) => found)?.[1]
}

const HUB_ALIASES: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io', 'hub.docker.com'])
const HOST =
  /^(?:[a-z0-9*](?:[a-z0-9_*-]*[a-z0-9*])?(?:\.[a-z0-9*](?:[a-z0-9_*-]*[a-z0-9*])?)*|\[[0-9a-f:]+\])(?::[0-9]+)?$/
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/
