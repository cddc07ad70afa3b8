import { memoizeWeak } from '../runtime/memoize.ts'
import { present } from '../runtime/present.ts'
import { compilePart, isGlob, type PartMatcher } from './go/glob.ts'
import { parseLocation, splitHostPort } from './go/url.ts'
import { encodeUtf8 } from './go/utf8.ts'
import type { ImageName } from './image-name.ts'

/** What the kubelet's keyring makes of one key of a docker config. Its strings are strings of bytes. */
export interface Key {
  /** The keyring sorts by it. Host and path, without scheme, user, query and `/v1` or `/v2`. */
  readonly index: string
  /** The host without its port; may hold globs. */
  readonly host: string
  readonly port: string
  /** Empty or from the first slash on. */
  readonly path: string
}

/** The key that stands for Docker Hub where nothing else matches. */
export const DOCKER_HUB_INDEX = 'index.docker.io'

/**
 * Characters of a stripped key that can match an image: a host of 253, a port and a path of 255, each of which may be written
 * as nine, an escape of an escape.
 */
const MAX_KEY_LENGTH = 8192

/**
 * Parses a stripped key as the keyring does; undefined where it leaves the key out, or keeps it and can never match it.
 *
 * @see k8s.io/kubernetes/pkg/credentialprovider, BasicDockerKeyring.Add and URLsMatchStr
 */
export function parseKey(key: string): Key | undefined {
  return key.length > MAX_KEY_LENGTH ? undefined : parseUnstripped(key)
}

/** The same of a key that may hold a user, a query and a fragment, and so be of any length. */
export function parseUnstripped(key: string): Key | undefined {
  return parsePlainKey(key) ?? parseUrlKey(key)
}

/** A host, a port and a path in which nothing means anything to a URL's parser: most keys, and many times as fast. */
const PLAIN_KEY = /^(?:https?:\/\/)?([A-Za-z0-9.*-]+)(?::([0-9]+))?((?:\/[A-Za-z0-9._-]+)*\/?)$/

function parsePlainKey(key: string): Key | undefined {
  const [, host, port = '', written = ''] = PLAIN_KEY.exec(key) ?? []
  if (host === undefined) return undefined
  const path = withoutVersion(written)
  const authority = port === '' ? host : `${host}:${port}`
  return path === '/' ? { index: authority, host, port, path: '' } : { index: authority + path, host, port, path }
}

function withoutVersion(path: string): string {
  return /^\/v[12]\//.test(path) ? path.slice(3) : path
}

function parseUrlKey(key: string): Key | undefined {
  const added = parseLocation(encodeUtf8(key.replace(/^https?:\/\//, '')))
  if (added === undefined) return undefined
  const path = withoutVersion(added.path)
  const index = path === '/' ? added.host : added.host + path

  // What was parsed on adding is parsed again on lookup, so that escapes are decoded twice.
  const location = parseLocation(index)
  if (location === undefined) return undefined
  const { name, port } = splitHostPort(location.host)
  return { index, host: name, port, path: location.path }
}

/** An image name in the form in which keys are matched with it. */
export interface Target {
  /** Host and port; the same for a key exactly if both are. */
  readonly authority: string
  readonly port: string
  readonly parts: readonly string[]
  /** From the first slash on. */
  readonly path: string
}

/** Prepares an image name for matching, once for as long as it lives; undefined if no key can match it directly. */
export const aimAt: (image: ImageName) => Target | undefined = memoizeWeak(makeTarget)

function makeTarget({ registry, path }: ImageName): Target | undefined {
  // An address in brackets has passed the image grammar, but not yet Go's parser of addresses.
  if (registry.startsWith('[') && parseLocation(registry) === undefined) return undefined
  const { name, port } = splitHostPort(registry)
  // No name server knows a longer name, so nothing is pulled from it: what globs cost stays bounded.
  if (name.length > MAX_HOST_LENGTH) return undefined
  return { authority: authorityOf(name, port), port, parts: name.split('.'), path: `/${path}` }
}

/** Characters of a host, by DNS. */
const MAX_HOST_LENGTH = 253

/** The host and port of a key or an image as one string, different for each pair. */
export function authorityOf(host: string, port: string): string {
  return `${host}:${port}`
}

/** The parts of a host with globs, prepared for matching. */
export type HostGlob = readonly PartMatcher[]

/** Prepares the globs of a key's host; undefined if it holds none. */
export function compileHost({ host }: Pick<Key, 'host'>): HostGlob | undefined {
  return isGlob(host) ? host.split('.').map(compilePart) : undefined
}

/** Whether a host with globs and a port match an image's. A loop, since it is gone through for each image and each such entry. */
export function matchesHost(glob: HostGlob, port: string, target: Target): boolean {
  if (target.port !== port || target.parts.length !== glob.length) return false
  let at = 0
  for (const matches of glob) {
    if (!matches(present(target.parts[at]))) return false
    at += 1
  }
  return true
}

/** Where Docker's client keeps the tokens of a login by browser, beside the entry for Docker Hub. */
const STASH_KEYS: ReadonlySet<string> = new Set([
  'https://index.docker.io/v1/access-token',
  'https://index.docker.io/v1/refresh-token',
])

/**
 * Whether a key is one of two under which Docker's client keeps something of its own. They match no image and are not meant
 * to, and nobody who made a pull secret of the file could write them otherwise.
 *
 * @see github.com/docker/cli/cli/internal/oauth/manager
 */
export function isDockerStash(key: string): boolean {
  return STASH_KEYS.has(key)
}
