/** An image name as the kubelet normalises it, without tag and digest. `registry/path` is what its keyring is asked for. */
export interface ImageName {
  /** Host and optional port, e.g. `docker.io`, `localhost:5000`, `[fd00::1]:5000`. */
  readonly registry: string
  /** Below the registry, e.g. `library/nginx`. */
  readonly path: string
}

/**
 * Normalises an image as written in a Pod; undefined where the kubelet fails with InvalidImageName.
 *
 * @see k8s.io/kubernetes/pkg/util/parsers, ParseImageName
 * @see github.com/distribution/reference v0.6.0, ParseNormalizedNamed
 */
export function parseImageName(image: string): ImageName | undefined {
  if (IDENTIFIER.test(image)) return undefined
  const { registry, path, rest } = splitImage(image)
  if (!TAG_AND_DIGEST.test(rest)) return undefined
  const limited = limitedOf(registry, path)
  return limited.length <= MAX_PATH_LENGTH && PATH.test(limited) ? { registry, path } : undefined
}

/**
 * Why the kubelet fails on an image name that {@link parseImageName} knows nothing of, in its own words; and the name that was meant,
 * where that is plain.
 *
 * @see github.com/distribution/reference v0.6.0, ParseNormalizedNamed and Parse
 * @see github.com/opencontainers/go-digest, Digest.Validate
 */
export function explainInvalidImage(image: string): { readonly reason: string; readonly instead?: string } {
  const instead = repair(image)
  return { reason: reasonOf(image), ...(instead !== undefined && { instead }) }
}

/**
 * | the name                                          | the kubelet says                                       |
 * | ------------------------------------------------- | ------------------------------------------------------ |
 * | is 64 hexadecimal digits                          | cannot specify 64-byte hexadecimal strings             |
 * | has a capital below the registry, before any `:`  | repository name must be lowercase                      |
 * | has one in a first part that is no registry       | the same, in fewer words                               |
 * | has a path of more than 255 characters            | repository name must not be more than 255 characters   |
 * | is one but for its digest                         | what is wrong with that                                |
 * | any other                                         | invalid reference format                               |
 */
function reasonOf(image: string): string {
  if (IDENTIFIER.test(image)) return 'invalid repository name, cannot specify 64-byte hexadecimal strings'
  const { registry, path, rest } = splitImage(image)
  const remote = path + rest.replace(/:.*$/s, '')
  if (remote.toLowerCase() !== remote) return 'invalid reference format: repository name must be lowercase'
  const limited = limitedOf(registry, path)
  if (!PATH.test(limited) || !TAG_AND_ANY_DIGEST.test(rest)) {
    const lower = limitedOf(registry.toLowerCase(), path)
    const isOnlyCapital = PATH.test(lower) && TAG_AND_ANY_DIGEST.test(rest.toLowerCase())
    return isOnlyCapital ? 'repository name must be lowercase' : 'invalid reference format'
  }
  if (limited.length > MAX_PATH_LENGTH) return 'repository name must not be more than 255 characters'
  const digest = rest.slice(rest.indexOf('@') + 1)
  const algorithm = digest.slice(0, digest.indexOf(':'))
  const hex = digest.slice(algorithm.length + 1)
  const length = DIGEST_LENGTHS.get(algorithm)
  if (length === undefined)
    return ALGORITHM.test(algorithm) ? 'unsupported digest algorithm' : 'invalid checksum digest format'
  return hex.length === length ? 'invalid checksum digest format' : 'invalid checksum digest length'
}

/** Undoes what people write too much: a scheme, blanks around it, capitals below the registry. */
function repair(image: string): string | undefined {
  const bare = image.trim().replace(/^[a-z]+:\/\//, '')
  const slash = bare.indexOf('/')
  // Of a name without a host or a path nobody can tell: it may come of a tool that wrote None or NULL.
  if (slash < 0 && bare !== bare.toLowerCase()) return undefined
  const end = bare.slice(slash + 1).search(/[:@]/)
  const path = end < 0 ? bare : bare.slice(0, slash + 1 + end)
  const lower = `${bare.slice(0, slash + 1)}${path.slice(slash + 1).toLowerCase()}${bare.slice(path.length)}`
  return parseImageName(lower) === undefined ? undefined : lower
}

const IDENTIFIER = /^[a-f0-9]{64}$/
/** Characters of the path of an image, by the image grammar. */
const MAX_PATH_LENGTH = 255
const PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const PATH = new RegExp(`^${PATH_PART}(?:/${PATH_PART})*$`)
const DIGEST = 'sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}'
/** What the grammar takes for a digest, of which not every one is valid. */
const TAG_AND_ANY_DIGEST =
  /^(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/
const ALGORITHM = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*$/
const DIGEST_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
])
const TAG_AND_DIGEST = new RegExp(`^(?::\\w[\\w.-]{0,127})?(?:@(?:${DIGEST}))?$`)

/**
 * | first part of the name                     | registry    | rest            |
 * | ------------------------------------------ | ----------- | --------------- |
 * | none, as in `nginx`                        | docker.io   | `library/nginx` |
 * | `localhost`                                | itself      |                 |
 * | `index.docker.io`                          | docker.io   |                 |
 * | holds `.` or `:` or an upper-case letter   | itself      |                 |
 * | any other, as in `acme/web`                | docker.io   | the whole name  |
 */
function splitRegistry(image: string): { registry: string; remainder: string } {
  const slash = image.indexOf('/')
  const first = image.slice(0, Math.max(slash, 0))
  const named = first === 'localhost' || /[.:A-Z]/.test(first)
  const registry = named && first !== 'index.docker.io' ? first : 'docker.io'
  const remainder = named ? image.slice(slash + 1) : image
  return {
    registry,
    remainder: registry === 'docker.io' && !remainder.includes('/') ? `library/${remainder}` : remainder,
  }
}

/** An image's registry, its path below that, and from `:` or `@` on its tag and digest. */
function splitImage(image: string): { registry: string; path: string; rest: string } {
  const { registry, remainder } = splitRegistry(image)
  const end = remainder.search(/[:@]/)
  return end < 0
    ? { registry, path: remainder, rest: '' }
    : { registry, path: remainder.slice(0, end), rest: remainder.slice(end) }
}

/** The path by the image grammar: a first part like `foo_bar.com` is no domain, but the grammar takes it for a part of the path. */
function limitedOf(registry: string, path: string): string {
  return isDomain(registry) ? path : `${registry}/${path}`
}

/** Host and optional port by the image grammar. Part by part, so that a long host cannot exhaust the regex stack. */
function isDomain(registry: string): boolean {
  const host = registry.replace(/:[0-9]+$/, '')
  return /^\[[a-fA-F0-9:]+\]$/.test(host) || host.split('.').every(part => DOMAIN_PART.test(part))
}

const DOMAIN_PART = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
