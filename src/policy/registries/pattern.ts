import { compileStars, type PartMatcher } from '../../kubelet/go/glob.ts'
import { splitHostPort } from '../../kubelet/go/url.ts'
import type { ImageName } from '../../kubelet/image-name.ts'

/** A registry pattern of the configuration, e.g. `*.dkr.ecr.*.amazonaws.com`, `localhost:5000`, `ghcr.io/acme`. */
export interface Pattern {
  /** Host and port as {@link Host} has them; may hold globs. */
  readonly authority: string
  readonly port: string
  readonly writtenPort: string
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
 * is whole segments. A fault reads on from the pattern, e.g. `has a scheme`.
 */
export function parsePattern(text: string): Pattern | { readonly fault: string } {
  const slash = text.indexOf('/')
  const authority = (slash < 0 ? text : text.slice(0, slash)).toLowerCase()
  const path = slash < 0 ? '' : text.slice(slash + 1)
  const fault = findFault(text, authority, slash < 0 ? undefined : path)
  if (fault !== undefined) return { fault }
  const { parts, ...host } = hostOf(authority)
  const literals = parts.filter(part => !part.includes('*')).length
  return {
    ...host,
    path,
    segments: path === '' ? 0 : path.split('/').length,
    literals,
    ...(literals < parts.length && { globs: parts.map(compileStars) }),
  }
}

/** Whether an image is of a registry, and below its path, that the pattern describes. Hosts are compared without case. */
export function matchesPattern(pattern: Pattern, image: ImageName): boolean {
  return isBelow(image.path, pattern.path) && matchesHost(pattern, hostOf(image.registry))
}

/** Whether a path is this one or below it, by whole segments. */
export function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || (path.startsWith(prefix) && path[prefix.length] === '/')
}

/**
 * A registry in the one form in which patterns and images are compared: in lower case, a port as a number, and none where it
 * is 443, which is where a registry without one is. Whoever writes the port of a registry does not leave its class by it.
 * (To the kubelet they are two: credentials for one are not for the other, and that is a finding.)
 */
export interface Host {
  /** Name and port, to look it up by. */
  readonly authority: string
  readonly port: string
  /** As the kubelet compares it. */
  readonly writtenPort: string
  readonly parts: readonly string[]
}

const DEFAULT_PORT = '443'

/** A registry answers by each of its names. */
export function hostOf(text: string): Host {
  const host = parseHost(text)
  const first = FIRST_NAMES.get(host.authority)
  return first === undefined ? host : parseHost(first)
}

function parseHost(text: string): Host {
  const { name, port: writtenPort } = splitHostPort(text.toLowerCase())
  const number = writtenPort.replace(/^0+(?=.)/, '')
  const port = number === DEFAULT_PORT ? '' : number
  // A name in brackets loses them with its port.
  const bare = name.replace(/^\[(.*)\]$/, '$1')
  return { authority: `${bare} ${port}`, port, writtenPort, parts: bare.split('.') }
}

/** Whether two patterns are one, in two spellings. */
export function identifyPattern(text: string): string {
  const slash = text.indexOf('/')
  return slash < 0
    ? hostOf(text).authority
    : `${hostOf(text.slice(0, slash)).authority}${text.slice(slash).toLowerCase()}`
}

/** Whether a host is one that the pattern describes. */
export function matchesHost({ authority, port, globs }: Pattern, host: Host): boolean {
  if (globs === undefined) return authority === host.authority
  return port === host.port && host.parts.length === globs.length && host.parts.every((part, at) => globs[at]?.(part))
}

/** What is wrong with a pattern, first the mistakes that people make. */
function findFault(text: string, authority: string, path: string | undefined): string | undefined {
  const { name } = splitHostPort(authority)
  const onlyName = /^[^.:]*$/.test(authority) && authority !== 'localhost'
  const faults: [boolean, string][] = [
    [text === '', 'is empty'],
    [text.includes('://'), 'has a scheme; start with the host'],
    [/\s/.test(text), 'has a space in it'],
    [HUB_ALIASES.has(name), 'is not the name of Docker Hub in images; write docker.io'],
    [onlyName, 'does not start with a registry; for Docker Hub write docker.io/…'],
    [!HOST.test(authority), 'has a host that is not valid in an image name'],
    [path?.includes('*') ?? false, 'has a * in its path; leave it out: a path matches everything below it'],
    [/[:@]/.test(path ?? ''), 'has a tag or digest; end with the path'],
    [/[A-Z]/.test(path ?? ''), 'has a capital letter in its path; image paths are lower case'],
    [path !== undefined && !PATH.test(path), 'has a path that is not valid in an image name'],
  ]
  return faults.find(([found]) => found)?.[1]
}

/** Names by which the images of a registry can be pulled as well; docs/configuration.md has the sources. */
const SECOND_NAMES: readonly (readonly [name: string, first: string])[] = [
  ['index.docker.io', 'docker.io'],
  ['registry-1.docker.io', 'docker.io'],
  ['ecr-public.aws.com', 'public.ecr.aws'],
  ['k8s.gcr.io', 'registry.k8s.io'],
]
/** By host and port. */
const FIRST_NAMES: ReadonlyMap<string, string> = new Map(
  SECOND_NAMES.map(([name, first]) => [parseHost(name).authority, first]),
)
const HUB_ALIASES: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io', 'hub.docker.com'])
const HOST =
  /^(?:[a-z0-9*](?:[a-z0-9_*-]*[a-z0-9*])?(?:\.[a-z0-9*](?:[a-z0-9_*-]*[a-z0-9*])?)*|\[[0-9a-f:]+\])(?::[0-9]+)?$/
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/
